using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using SchemaStream.Protocol.Client;
using SchemaStream.Protocol.Client.Clusters;
using SchemaStream.Protocol.Client.Security;

namespace SchemaStream.Transport.Wire.Connections;

/// <summary>Where the brokers are and how they are connected to, out of librdkafka's settings.</summary>
/// <param name="Bootstrap">The brokers to begin with.</param>
/// <param name="Options">How to connect.</param>
internal sealed record WireAccess(IReadOnlyList<BrokerAddress> Bootstrap, KafkaConnectionOptions Options)
{
    private const int StandardTimeoutMs = 60_000;
    private const int StandardSetupMs = 30_000;

    /// <summary>What connections act upon.</summary>
    private static readonly HashSet<string> Honoured = new(StringComparer.Ordinal)
    {
        "bootstrap.servers", "metadata.broker.list", "client.id", "socket.timeout.ms", "socket.connection.setup.timeout.ms",
        "security.protocol", "ssl.ca.location", "ssl.certificate.location", "ssl.key.location", "ssl.key.password",
        "ssl.endpoint.identification.algorithm", "sasl.mechanism", "sasl.mechanisms", "sasl.username", "sasl.password",
    };

    /// <summary>Reads the settings.</summary>
    /// <param name="settings">By librdkafka's names.</param>
    /// <param name="honouredBesides">What the connections' user acts upon itself.</param>
    /// <param name="unhonoured">The first that nobody acts upon; null for none.</param>
    /// <exception cref="ArgumentException">They do not fit together.</exception>
    public static WireAccess? TryRead(
        IReadOnlyDictionary<string, string> settings, IReadOnlySet<string> honouredBesides, out string? unhonoured)
    {
        unhonoured = settings.Keys.FirstOrDefault(name => !Honoured.Contains(name) && !honouredBesides.Contains(name));
        if (unhonoured is not null)
        {
            return null;
        }

        var protocol = settings.GetValueOrDefault("security.protocol", "plaintext");
        var mechanism = settings.GetValueOrDefault("sasl.mechanism") ?? settings.GetValueOrDefault("sasl.mechanisms", "");
        if (protocol is not ("plaintext" or "ssl" or "sasl_plaintext" or "sasl_ssl"))
        {
            unhonoured = "security.protocol";
            return null;
        }

        if (settings.TryGetValue("ssl.ca.location", out var authorities) && (Directory.Exists(authorities) || authorities == "probe"))
        {
            unhonoured = "ssl.ca.location"; // a directory, or librdkafka's search for one
            return null;
        }

        var sasl = protocol.StartsWith("sasl", StringComparison.Ordinal) ? MechanismOf(mechanism) : null;
        if (sasl is null && protocol.StartsWith("sasl", StringComparison.Ordinal))
        {
            unhonoured = "sasl.mechanism";
            return null;
        }

        var options = new KafkaConnectionOptions
        {
            ClientId = settings.GetValueOrDefault("client.id", "schemastream"),
            ConnectTimeout = Duration(settings, "socket.connection.setup.timeout.ms", StandardSetupMs),
            RequestTimeout = Duration(settings, "socket.timeout.ms", StandardTimeoutMs),
            Tls = protocol.EndsWith("ssl", StringComparison.Ordinal) ? TlsOf(settings) : null,
            Sasl = sasl is { } chosen
                ? new SaslOptions(chosen, settings.GetValueOrDefault("sasl.username", ""), settings.GetValueOrDefault("sasl.password", ""))
                : null,
        };
        var servers = settings.GetValueOrDefault("bootstrap.servers") ?? settings.GetValueOrDefault("metadata.broker.list", "");
        try
        {
            return new WireAccess(BrokerAddress.ParseAll(servers), options);
        }
        catch (FormatException unread)
        {
            throw new ArgumentException($"bootstrap.servers={servers} names no brokers: {unread.Message}", nameof(settings), unread);
        }
    }

    private static Protocol.Client.Security.SaslMechanism? MechanismOf(string name) => name switch
    {
        "PLAIN" => Protocol.Client.Security.SaslMechanism.Plain,
        "SCRAM-SHA-256" => Protocol.Client.Security.SaslMechanism.ScramSha256,
        "SCRAM-SHA-512" => Protocol.Client.Security.SaslMechanism.ScramSha512,
        _ => null,
    };

    private static TlsOptions TlsOf(IReadOnlyDictionary<string, string> settings)
    {
        try
        {
            X509Certificate2Collection? trusted = null;
            if (settings.TryGetValue("ssl.ca.location", out var authorities))
            {
                trusted = [];
                trusted.ImportFromPemFile(authorities);
            }

            X509Certificate2? own = null;
            if (settings.TryGetValue("ssl.certificate.location", out var certificate))
            {
                var key = settings.GetValueOrDefault("ssl.key.location");
                own = settings.TryGetValue("ssl.key.password", out var password)
                    ? X509Certificate2.CreateFromEncryptedPemFile(certificate, password, key)
                    : X509Certificate2.CreateFromPemFile(certificate, key);
            }

            return new TlsOptions
            {
                TrustedAuthorities = trusted,
                ClientCertificate = own,
                HostNameCheck = settings.GetValueOrDefault("ssl.endpoint.identification.algorithm", "https") == "https"
                    ? HostNameCheck.Required
                    : HostNameCheck.Omitted,
            };
        }
        catch (Exception unread) when (unread is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new ArgumentException($"The certificates could not be read: {unread.Message}", nameof(settings), unread);
        }
    }

    private static TimeSpan Duration(IReadOnlyDictionary<string, string> settings, string name, int standardMs)
    {
        var text = settings.GetValueOrDefault(name);
        return text is null ? TimeSpan.FromMilliseconds(standardMs)
            : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var milliseconds) && milliseconds > 0
                ? TimeSpan.FromMilliseconds(milliseconds)
            : throw new ArgumentException($"{name}={text} is no number of milliseconds.", nameof(settings));
    }
}
