namespace SchemaStream.Hosting.Settings;

/// <summary>What configuration says about brokers and registry; <see cref="SchemaStreamOptions"/> follows from it.</summary>
/// <remarks>
/// Bound from a section such as
/// <c>{ "BootstrapServers": "127.0.0.1:9092", "RegistryUrl": "http://127.0.0.1:8081" }</c> and checked when the host starts.
/// </remarks>
public sealed class SchemaStreamSettings
{
    /// <summary>Brokers to begin with, as <c>host:port</c>, separated by commas.</summary>
    public string BootstrapServers { get; set; } = "";

    /// <summary>The registry's address; several instances of it separated by commas, asked in this order.</summary>
    public string RegistryUrl { get; set; } = "";

    /// <summary>The name that brokers log for this program.</summary>
    public string ClientId { get; set; } = "schemastream";

    /// <summary>What a producer does when the registry does not know its schema.</summary>
    public UnknownSchema UnknownSchema { get; set; }

    /// <summary>TLS and credentials towards the brokers.</summary>
    public BrokerSecuritySettings Security { get; set; } = new();

    /// <summary>TLS and credentials towards the registry.</summary>
    public RegistrySecuritySettings Registry { get; set; } = new();

    /// <summary>Who moves the bytes between this program and the brokers: the SDK's own code where it can, or librdkafka alone.</summary>
    public ClientTransport Transport { get; set; }

    /// <summary>Further settings of the transport by librdkafka's names, such as <c>client.rack</c>.</summary>
    public IDictionary<string, string> TransportSettings { get; set; } = new Dictionary<string, string>();

    /// <summary>
    /// How long the start waits for brokers and registry that cannot be reached yet, before the host's start fails.
    /// </summary>
    public TimeSpan StartTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>What no configuration can say: changes the options that the client is made with.</summary>
    public Func<SchemaStreamOptions, SchemaStreamOptions>? Configure { get; set; }

    /// <summary>The options that the client is made with.</summary>
    internal SchemaStreamOptions ToOptions()
    {
        var addresses = RegistryUrl.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var options = new SchemaStreamOptions
        {
            BootstrapServers = BootstrapServers,
            RegistryUrl = new Uri(addresses[0]),
            RegistryAlternatives = [.. addresses.Skip(1).Select(address => new Uri(address))],
            ClientId = ClientId,
            UnknownSchema = UnknownSchema,
            RegistryBasicCredentials = SettingsText.Said(Registry.UserName) is { } user ? $"{user}:{Registry.Password}" : null,
            RegistryBearerToken = SettingsText.Said(Registry.BearerToken),
            RegistryTls = Registry.ToTls(),
            BrokerSecurity = Security.ToOptions(),
            Transport = Transport,
            ConfigureTransport = NamedSettings.Adding(TransportSettings),
        };
        return Configure?.Invoke(options) ?? options;
    }
}
