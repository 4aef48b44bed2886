using SchemaStream.Cli.Errors;
using SchemaStream.Cli.Registries;
using SchemaStream.Cli.Registries.Copying;
using SchemaStream.Registry.Client;

namespace SchemaStream.Cli.Profiles;

/// <summary>How the registry is talked to, as settings say.</summary>
internal static class RegistryConnecting
{
    /// <summary>A client; several addresses are separated by commas.</summary>
    /// <exception cref="CliException">An address is none.</exception>
    public static RegistryClient Open(EffectiveSettings settings)
    {
        var addresses = Addresses(settings);
        var properties = settings.Properties;
        try
        {
            return new RegistryClient(OptionsOf(addresses, properties));
        }
        catch (ArgumentException unusable)
        {
            // The files that options name are read when the client is made.
            throw ErrorCatalog.FileUnusable.Exception("The registry's settings cannot be used.", unusable.Message, inner: unusable);
        }
    }

    /// <summary>The whole API, of the first address.</summary>
    /// <exception cref="CliException">An address is none.</exception>
    public static RegistryApi OpenApi(EffectiveSettings settings)
    {
        var properties = settings.Properties;
        return new RegistryApi(Addresses(settings)[0], CopyOptions.Credentials(UserOf(properties), TokenOf(properties)), TimeProvider.System, AuthoritiesOf(properties));
    }

    private static RegistryClientOptions OptionsOf(List<Uri> addresses, Dictionary<string, string> properties) => new()
    {
        Address = addresses[0],
        Alternatives = addresses[1..],
        Retries = 1,
        BasicCredentials = UserOf(properties),
        BearerToken = TokenOf(properties),
        Tls = AuthoritiesOf(properties) is { } authorities ? new RegistryTlsOptions { AuthorityFile = authorities } : null,
    };

    private static string? AuthoritiesOf(Dictionary<string, string> properties) =>
        properties.GetValueOrDefault("schema.registry.ssl.truststore.location");

    private static string? UserOf(Dictionary<string, string> properties) =>
        properties.GetValueOrDefault("schema.registry.basic.auth.user.info") ?? properties.GetValueOrDefault("basic.auth.user.info");

    private static string? TokenOf(Dictionary<string, string> properties) =>
        properties.GetValueOrDefault("schema.registry.bearer.auth.token") ?? properties.GetValueOrDefault("bearer.auth.token");

    private static List<Uri> Addresses(EffectiveSettings settings)
    {
        var addresses = settings.RegistryUrl.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Select(text => Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"
                ? uri
                : throw ErrorCatalog.Usage.Exception($"--registry {text}: expected http://HOST:PORT or https://HOST:PORT."))
            .ToList();
        return addresses.Count > 0 ? addresses : throw ErrorCatalog.Usage.Exception("--registry has no address.");
    }
}
