using SchemaStream.Registry.Client;

namespace SchemaStream.Cli.Kafka.Schemas;

/// <summary>The registry that properties name, by the names that Confluent's tools have for them.</summary>
internal static class RegistryProperties
{
    public const string Url = "schema.registry.url";

    /// <summary>Where Confluent's scripts look when nothing is said.</summary>
    public const string StandardUrl = "http://localhost:8081";

    private const string Tls = "schema.registry.ssl.";

    /// <exception cref="ToolFailedException">The properties name none, or cannot be followed.</exception>
    public static RegistryClient Open(IReadOnlyDictionary<string, string> properties)
    {
        var addresses = Addresses(properties);
        var options = new RegistryClientOptions
        {
            Address = addresses[0],
            Alternatives = addresses[1..],
            BasicCredentials = Basic(properties, addresses[0]),
            BearerToken = Bearer(properties),
            Tls = addresses[0].Scheme == Uri.UriSchemeHttps ? TlsOf(properties) : null,
        };
        try
        {
            return new RegistryClient(options);
        }
        catch (ArgumentException unusable)
        {
            throw new ToolFailedException(unusable.Message, unusable); // the files that they name are read when the client is made
        }
    }

    private static List<Uri> Addresses(IReadOnlyDictionary<string, string> properties)
    {
        if (!properties.TryGetValue(Url, out var text))
        {
            throw new ToolFailedException("Missing schema registry url!");
        }

        var addresses = new List<Uri>();
        foreach (var each in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            addresses.Add(Uri.TryCreate(each, UriKind.Absolute, out var address) && (address.Scheme == Uri.UriSchemeHttp || address.Scheme == Uri.UriSchemeHttps)
                ? address
                : throw new ToolFailedException($"{Url}: '{each}' is no address such as {StandardUrl}"));
        }

        return addresses.Count > 0 ? addresses : throw new ToolFailedException("Missing schema registry url!");
    }

    private static string? Basic(IReadOnlyDictionary<string, string> properties, Uri address)
    {
        switch (properties.GetValueOrDefault("basic.auth.credentials.source", "URL"))
        {
            case "URL":
                return address.UserInfo.Length > 0 ? Uri.UnescapeDataString(address.UserInfo) : null;
            case "USER_INFO":
                return properties.GetValueOrDefault("basic.auth.user.info") ?? properties.GetValueOrDefault("schema.registry.basic.auth.user.info")
                    ?? throw new ToolFailedException("basic.auth.user.info: USER:PASSWORD is missing");
            case var other:
                throw new ToolFailedException($"basic.auth.credentials.source is {other}; URL or USER_INFO was expected");
        }
    }

    private static string? Bearer(IReadOnlyDictionary<string, string> properties) =>
        properties.GetValueOrDefault("bearer.auth.credentials.source") switch
        {
            null => null,
            "STATIC_TOKEN" => properties.GetValueOrDefault("bearer.auth.token") ?? throw new ToolFailedException("bearer.auth.token: the token is missing"),
            var other => throw new ToolFailedException($"bearer.auth.credentials.source is {other}; STATIC_TOKEN was expected"),
        };

    private static RegistryTlsOptions TlsOf(IReadOnlyDictionary<string, string> properties)
    {
        foreach (var store in (ReadOnlySpan<string>)["truststore", "keystore"])
        {
            var type = properties.GetValueOrDefault($"{Tls}{store}.type", "JKS");
            if (properties.ContainsKey($"{Tls}{store}.location") && type != "PEM")
            {
                throw new ToolFailedException($"{Tls}{store}.type is {type}; PEM was expected: only Java reads the others");
            }
        }

        return new RegistryTlsOptions
        {
            AuthorityFile = properties.GetValueOrDefault(Tls + "truststore.location"),
            CertificateFile = properties.GetValueOrDefault(Tls + "keystore.location"),
            KeyPassword = properties.GetValueOrDefault(Tls + "key.password"),
        };
    }
}
