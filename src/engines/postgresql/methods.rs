//! The methods of pg_hba.conf in the words of reports.

/// What a client has to show.
/// <https://www.postgresql.org/docs/current/client-authentication.html>
pub(super) fn asks(method: &str) -> Option<&'static str> {
    Some(match method {
        "trust" => "nothing is asked; anyone who connects this way is the user that they name",
        "reject" => "refused, whatever is shown",
        "scram-sha-256" => "a password, which is proved without being sent",
        "md5" => "a password, proved with a weak hash (by SCRAM where the stored one is for SCRAM)",
        "password" => "a password, sent as it is: anyone who reads an unencrypted connection has it",
        "peer" => "to be the user of the same name (or of the map) on the server's operating system",
        "ident" => "that the client's own machine says who it is; anyone who controls that machine can be any user",
        "cert" => "a certificate with the user's name (or of the map), signed by the authority of ssl_ca_file",
        "gss" | "sspi" => "a ticket of the Kerberos domain",
        "ldap" => "a password, which the server passes to the directory",
        "radius" => "a password, which the server passes to the RADIUS server",
        "pam" | "bsd" => "what the server's operating system asks for",
        "oauth" => "a token of the issuer",
        _ => return None,
    })
}
