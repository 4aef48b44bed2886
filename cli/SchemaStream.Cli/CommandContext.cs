using System.CommandLine;
using SchemaStream.Cli.Errors;
using SchemaStream.Cli.Kafka.Connecting;
using SchemaStream.Cli.Output;
using SchemaStream.Cli.Registries;
using SchemaStream.Cli.Registries.Copying;
using SchemaStream.Registry.Client;

namespace SchemaStream.Cli;

/// <summary>A command's run: what it was told, where it writes, and what it talks to.</summary>
/// <param name="arguments">The command line.</param>
/// <param name="output">Where results go.</param>
/// <param name="servers">As the command line says; null: as the environment or the default has it.</param>
/// <param name="registry">As the command line says; null: as the environment or the default has it.</param>
/// <param name="properties">Settings by Kafka's names.</param>
/// <param name="yes">Whether nothing is asked.</param>
/// <param name="isDryRun">Whether nothing is done.</param>
internal sealed class CommandContext(
    ParseResult arguments, CommandOutput output, string? servers, string? registry, Dictionary<string, string> properties, bool yes, bool isDryRun)
{
    public const string ServersVariable = "SCHEMASTREAM_BOOTSTRAP_SERVERS";
    public const string RegistryVariable = "SCHEMASTREAM_REGISTRY_URL";
    private const string DefaultServers = "127.0.0.1:9092";
    private const string DefaultRegistry = "http://127.0.0.1:8081";

    public ParseResult Arguments => arguments;

    public CommandOutput Output => output;

    public IReadOnlyDictionary<string, string> Properties => properties;

    public bool IsDryRun => isDryRun;

    public string BootstrapServers { get; } = servers ?? properties.GetValueOrDefault("bootstrap.servers")
        ?? Variable(ServersVariable) ?? DefaultServers;

    public string RegistryUrl { get; } = registry ?? properties.GetValueOrDefault("schema.registry.url")
        ?? Variable(RegistryVariable) ?? DefaultRegistry;

    /// <summary>The value of an option or argument that is required or has a default.</summary>
    public T Get<T>(Option<T> option) => arguments.GetValue(option)!;

    /// <inheritdoc cref="Get{T}(Option{T})"/>
    public T Get<T>(Argument<T> argument) => arguments.GetValue(argument)!;

    /// <summary>Connects when it is first asked something.</summary>
    public ToolCluster OpenCluster(TimeSpan? requestTimeout = null) =>
        ToolCluster.Open(BootstrapServers, properties, "schemastream", requestTimeout);

    /// <summary>The registry's whole API, for copying.</summary>
    public RegistryApi OpenRegistryApi()
    {
        var user = properties.GetValueOrDefault("schema.registry.basic.auth.user.info") ?? properties.GetValueOrDefault("basic.auth.user.info");
        var token = properties.GetValueOrDefault("schema.registry.bearer.auth.token") ?? properties.GetValueOrDefault("bearer.auth.token");
        return new RegistryApi(RegistryAddresses()[0], CopyOptions.Credentials(user, token), TimeProvider.System);
    }

    /// <summary>A client of the registry; several addresses are separated by commas.</summary>
    /// <exception cref="CliException">An address is none.</exception>
    public RegistryClient OpenRegistry()
    {
        var addresses = RegistryAddresses();
        return new RegistryClient(new RegistryClientOptions
        {
            Address = addresses[0],
            Alternatives = addresses[1..],
            Retries = 1,
            BasicCredentials = properties.GetValueOrDefault("schema.registry.basic.auth.user.info") ?? properties.GetValueOrDefault("basic.auth.user.info"),
            BearerToken = properties.GetValueOrDefault("schema.registry.bearer.auth.token") ?? properties.GetValueOrDefault("bearer.auth.token"),
            Tls = Tls(),
        });
    }

    private List<Uri> RegistryAddresses()
    {
        var addresses = RegistryUrl.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Select(text => Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"
                ? uri
                : throw ErrorCatalog.Usage.Exception($"--registry {text}: expected http://HOST:PORT or https://HOST:PORT."))
            .ToList();
        if (addresses.Count == 0)
        {
            throw ErrorCatalog.Usage.Exception("--registry has no address.");
        }

        return addresses;
    }

    /// <summary>Asks on a terminal, with no for an answer where there is none.</summary>
    /// <exception cref="CliException">There is no terminal, and <c>--yes</c> was not said.</exception>
    public bool Confirm(string question)
    {
        if (yes)
        {
            return true;
        }

        if (!output.IsTerminal)
        {
            throw ErrorCatalog.Unconfirmed.Exception($"{question} Nobody is there to say yes.");
        }

        output.Flush();
        output.Notes.Write($"{question} [y/N] ");
        using var reader = new StreamReader(output.Input, leaveOpen: true);
        return reader.ReadLine()?.Trim() is "y" or "Y" or "yes";
    }

    private RegistryTlsOptions? Tls() => properties.TryGetValue("schema.registry.ssl.truststore.location", out var authorities)
        ? new RegistryTlsOptions { AuthorityFile = authorities }
        : null;

    private static string? Variable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
}
