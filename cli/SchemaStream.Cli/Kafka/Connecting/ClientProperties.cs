using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.RegularExpressions;
using SchemaStream.Broker;
using SchemaStream.Broker.Configuration;
using SchemaStream.Protocol.Client;
using SchemaStream.Protocol.Client.Security;

namespace SchemaStream.Cli.Kafka.Connecting;

/// <summary>A client's settings by Kafka's names, from a file or the command line, as far as they say how to connect.</summary>
internal static partial class ClientProperties
{
    /// <summary>Settings of a file in the syntax of Java properties; none where no file is given.</summary>
    /// <exception cref="ToolFailedException">It cannot be read.</exception>
    public static Dictionary<string, string> Load(string? file)
    {
        try
        {
            return file is null ? [] : new Dictionary<string, string>(BrokerConfigFile.Load(file).Settings, StringComparer.Ordinal);
        }
        catch (BrokerStartException unreadable)
        {
            throw new ToolFailedException(unreadable.Message, unreadable);
        }
    }

    /// <summary>How to connect.</summary>
    /// <param name="settings">By Kafka's names; those that are not about connecting are left to others.</param>
    /// <param name="clientId">What the brokers' logs call the tool, unless the settings say it.</param>
    /// <exception cref="ToolFailedException">A setting cannot be followed.</exception>
    public static KafkaConnectionOptions ToOptions(IReadOnlyDictionary<string, string> settings, string clientId)
    {
        var protocol = settings.GetValueOrDefault("security.protocol", "PLAINTEXT").ToUpperInvariant();
        return new KafkaConnectionOptions
        {
            ClientId = settings.GetValueOrDefault("client.id", clientId),
            RequestTimeout = Milliseconds(settings, "request.timeout.ms", TimeSpan.FromSeconds(30)),
            ConnectTimeout = Milliseconds(settings, "socket.connection.setup.timeout.ms", TimeSpan.FromSeconds(10)),
            Tls = protocol is "SSL" or "SASL_SSL" ? Tls(settings) : null,
            Sasl = protocol switch
            {
                "PLAINTEXT" or "SSL" => null,
                "SASL_PLAINTEXT" or "SASL_SSL" => Sasl(settings),
                _ => throw new ToolFailedException(
                    $"security.protocol is {protocol}; PLAINTEXT, SSL, SASL_PLAINTEXT or SASL_SSL was expected"),
            },
        };
    }

    private static TlsOptions Tls(IReadOnlyDictionary<string, string> settings)
    {
        RefuseJavaStore(settings, "ssl.truststore");
        RefuseJavaStore(settings, "ssl.keystore");
        try
        {
            X509Certificate2Collection? trusted = null;
            if (settings.TryGetValue("ssl.truststore.location", out var store))
            {
                trusted = [];
                trusted.ImportFromPemFile(store);
            }
            else if (settings.TryGetValue("ssl.truststore.certificates", out var pem))
            {
                trusted = [];
                trusted.ImportFromPem(pem);
            }

            return new TlsOptions
            {
                TrustedAuthorities = trusted,
                ClientCertificate = settings.TryGetValue("ssl.keystore.location", out var key)
                    ? settings.TryGetValue("ssl.key.password", out var password)
                        ? X509Certificate2.CreateFromEncryptedPemFile(key, password)
                        : X509Certificate2.CreateFromPemFile(key)
                    : null,
                HostNameCheck = settings.GetValueOrDefault("ssl.endpoint.identification.algorithm", "https").Length == 0
                    ? HostNameCheck.Omitted
                    : HostNameCheck.Required,
            };
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new ToolFailedException($"A certificate cannot be read: {unreadable.Message}", unreadable);
        }
    }

    private static void RefuseJavaStore(IReadOnlyDictionary<string, string> settings, string store)
    {
        if (settings.ContainsKey(store + ".location") && settings.GetValueOrDefault(store + ".type", "JKS") != "PEM")
        {
            throw new ToolFailedException(
                $"{store}.type is {settings.GetValueOrDefault(store + ".type", "JKS")}; PEM was expected: only Java reads the others");
        }
    }

    private static SaslOptions Sasl(IReadOnlyDictionary<string, string> settings)
    {
        var mechanism = settings.GetValueOrDefault("sasl.mechanism", "GSSAPI") switch
        {
            "PLAIN" => SaslMechanism.Plain,
            "SCRAM-SHA-256" => SaslMechanism.ScramSha256,
            "SCRAM-SHA-512" => SaslMechanism.ScramSha512,
            var other => throw new ToolFailedException($"sasl.mechanism is {other}; PLAIN, SCRAM-SHA-256 or SCRAM-SHA-512 was expected"),
        };
        var jaas = settings.GetValueOrDefault("sasl.jaas.config", "");
        return JaasUser().Match(jaas) is { Success: true } user && JaasPassword().Match(jaas) is { Success: true } password
            ? new SaslOptions(mechanism, user.Groups[1].Value, password.Groups[1].Value)
            : throw new ToolFailedException("sasl.jaas.config has no username=\"…\" and password=\"…\"");
    }

    private static TimeSpan Milliseconds(IReadOnlyDictionary<string, string> settings, string key, TimeSpan otherwise) =>
        !settings.TryGetValue(key, out var text)
            ? otherwise
            : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var milliseconds) && milliseconds > 0
                ? TimeSpan.FromMilliseconds(milliseconds)
                : throw new ToolFailedException($"{key} is '{text}'; a number of milliseconds was expected");

    [GeneratedRegex("\\busername\\s*=\\s*\"([^\"]*)\"")]
    private static partial Regex JaasUser();

    [GeneratedRegex("\\bpassword\\s*=\\s*\"([^\"]*)\"")]
    private static partial Regex JaasPassword();
}
