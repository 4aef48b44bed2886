using SchemaStream.Protocol.Client.Security;

namespace SchemaStream.Transport.Wire.Connections;

/// <summary>What to do about a broker that does not take this client, or that this client does not take.</summary>
internal static class Refusals
{
    /// <summary>librdkafka's name for it, which is the SDK's code.</summary>
    public static string CodeOf(KafkaAuthenticationException refused) =>
        refused.Kind is RefusalKind.Authority or RefusalKind.HostName or RefusalKind.Encryption ? "SSL" : "AUTHENTICATION";

    /// <summary>A failure's words, and what is to be set where a setting would mend it.</summary>
    public static string Explain(Exception failure) =>
        failure is KafkaAuthenticationException refused && AdviceOn(refused.Kind) is { } advice
            ? $"{refused.Message.TrimEnd('.')}; {advice}"
            : failure.Message;

    /// <summary>For a reader that never came to read.</summary>
    public static BrokerException ToException(string topic, KafkaAuthenticationException refused) =>
        new(CodeOf(refused), $"Topic '{topic}' cannot be read: {Explain(refused)}", refused);

    private static string? AdviceOn(RefusalKind kind) => kind switch
    {
        RefusalKind.Authority =>
            $"name the file of the authority that issued it ({Option(nameof(BrokerSecurityOptions.AuthorityFile))}, setting ssl.ca.location)",
        RefusalKind.HostName =>
            $"connect by a name that it has ({nameof(SchemaStreamOptions)}.{nameof(SchemaStreamOptions.BootstrapServers)}, and the brokers' "
            + $"advertised.listeners), or give the broker a certificate of this name; in tests, turn "
            + $"{Option(nameof(BrokerSecurityOptions.VerifyHostName))} off",
        RefusalKind.Encryption =>
            $"check that the port is one for TLS ({Option(nameof(BrokerSecurityOptions.UseTls))}), and, where the broker asks for a certificate, "
            + $"that it takes this program's ({Option(nameof(BrokerSecurityOptions.CertificateFile))}, {nameof(BrokerSecurityOptions.KeyFile)})",
        RefusalKind.Mechanism => $"choose one that it offers ({Option(nameof(BrokerSecurityOptions.Sasl))})",
        RefusalKind.Credentials =>
            $"check {Option(nameof(BrokerSecurityOptions.UserName))} and {nameof(BrokerSecurityOptions.Password)}",
        _ => null,
    };

    private static string Option(string name) => $"{nameof(BrokerSecurityOptions)}.{name}";
}
