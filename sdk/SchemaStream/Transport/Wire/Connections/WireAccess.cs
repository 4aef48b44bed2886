using System.Globalization;
using System.Net.Sockets;
using SchemaStream.Protocol.Client;
using SchemaStream.Protocol.Client.Clusters;
using SchemaStream.Protocol.Client.Security;

namespace SchemaStream.Transport.Wire.Connections;

/// <summary>Where the brokers are and how they are connected to, out of librdkafka's settings.</summary>
/// <param name="Bootstrap">The brokers to begin with.</param>
/// <param name="Options">How to connect.</param>
/// <param name="Reconnects">When to try again.</param>
internal sealed record WireAccess(IReadOnlyList<BrokerAddress> Bootstrap, KafkaConnectionOptions Options, ReconnectDelays Reconnects)
{
    private const int StandardTimeoutMs = 60_000;
    private const int StandardSetupMs = 30_000;

    /// <summary>Reads the settings.</summary>
    /// <param name="settings">By librdkafka's names.</param>
    /// <param name="client">What the client is.</param>
    /// <param name="unhonoured">The first that nobody acts upon; null for none.</param>
    /// <exception cref="ArgumentException">They do not fit together.</exception>
    public static WireAccess? TryRead(
        IReadOnlyDictionary<string, string> settings, SettingUse client, out string? unhonoured)
    {
        unhonoured = HonouredSettings.FirstUnhonoured(settings, client);
        if (unhonoured is not null)
        {
            return null;
        }

        var protocol = settings.GetValueOrDefault("security.protocol", "plaintext");
        var mechanism = settings.GetValueOrDefault("sasl.mechanisms") ?? settings.GetValueOrDefault("sasl.mechanism", "");
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
            AddressFamily = FamilyOf(settings),
            SendsAtOnce = SettingText.Choice(settings, true, "socket.nagle.disable", "true", "false"),
            KeepsAlive = SettingText.Choice(settings, false, "socket.keepalive.enable", "true", "false"),
            SendBufferBytes = (int)SettingText.Number(settings, 0, 100_000_000, 0, "socket.send.buffer.bytes"),
            ReceiveBufferBytes = (int)SettingText.Number(settings, 0, 100_000_000, 0, "socket.receive.buffer.bytes"),
            Tls = protocol.EndsWith("ssl", StringComparison.Ordinal) ? TlsSettings.Of(settings) : null,
            Sasl = sasl is { } chosen
                ? new SaslOptions(chosen, settings.GetValueOrDefault("sasl.username", ""), settings.GetValueOrDefault("sasl.password", ""))
                : null,
        };
        var servers = settings.GetValueOrDefault("metadata.broker.list") ?? settings.GetValueOrDefault("bootstrap.servers", "");
        try
        {
            return new WireAccess(BrokerAddress.ParseAll(servers), options, ReconnectDelays.Of(settings));
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

    private static AddressFamily FamilyOf(IReadOnlyDictionary<string, string> settings) =>
        settings.GetValueOrDefault("broker.address.family", "any") switch
        {
            "any" => AddressFamily.Unspecified,
            "v4" => AddressFamily.InterNetwork,
            "v6" => AddressFamily.InterNetworkV6,
            var other => throw SettingText.Refused("broker.address.family", other),
        };

    private static TimeSpan Duration(IReadOnlyDictionary<string, string> settings, string name, int standardMs)
    {
        var text = settings.GetValueOrDefault(name);
        return text is null ? TimeSpan.FromMilliseconds(standardMs)
            : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var milliseconds) && milliseconds > 0
                ? TimeSpan.FromMilliseconds(milliseconds)
            : throw new ArgumentException($"{name}={text} is no number of milliseconds.", nameof(settings));
    }
}
