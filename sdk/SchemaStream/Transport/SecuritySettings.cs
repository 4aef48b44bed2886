namespace SchemaStream.Transport;

/// <summary>Security as librdkafka's settings.</summary>
internal static class SecuritySettings
{
    /// <summary>Adds what the options ask for.</summary>
    /// <exception cref="ArgumentException">The options do not fit together.</exception>
    public static void AddTo(Dictionary<string, string> settings, BrokerSecurityOptions security)
    {
        settings["security.protocol"] = (security.UseTls, security.Sasl) switch
        {
            (false, SaslMechanism.None) => "plaintext",
            (true, SaslMechanism.None) => "ssl",
            (false, _) => "sasl_plaintext",
            (true, _) => "sasl_ssl",
        };
        if (security.UseTls)
        {
            AddTls(settings, security);
        }
        else if ((security.AuthorityFile ?? security.CertificateFile ?? security.KeyFile) is not null)
        {
            throw new ArgumentException(
                $"{nameof(BrokerSecurityOptions)} names certificates, but {nameof(security.UseTls)} is off: turn it on, or leave them out.");
        }

        if (security.Sasl == SaslMechanism.None)
        {
            return;
        }

        settings["sasl.mechanism"] = security.Sasl switch
        {
            SaslMechanism.Plain => "PLAIN",
            SaslMechanism.ScramSha256 => "SCRAM-SHA-256",
            SaslMechanism.ScramSha512 => "SCRAM-SHA-512",
            _ => throw new ArgumentOutOfRangeException(nameof(security), security.Sasl, "Not a mechanism of this choice."),
        };
        settings["sasl.username"] = security.UserName ?? throw Missing(security, nameof(security.UserName));
        settings["sasl.password"] = security.Password ?? throw Missing(security, nameof(security.Password));
    }

    private static void AddTls(Dictionary<string, string> settings, BrokerSecurityOptions security)
    {
        settings["ssl.endpoint.identification.algorithm"] = security.VerifyHostName ? "https" : "none";
        Add("ssl.ca.location", security.AuthorityFile);
        Add("ssl.certificate.location", security.CertificateFile);
        Add("ssl.key.location", security.KeyFile);
        Add("ssl.key.password", security.KeyPassword);

        void Add(string setting, string? value)
        {
            if (value is not null)
            {
                settings[setting] = value;
            }
        }
    }

    private static ArgumentException Missing(BrokerSecurityOptions security, string option) =>
        new($"{nameof(BrokerSecurityOptions)}.{nameof(security.Sasl)} is {security.Sasl}, which needs a {option}.");
}
