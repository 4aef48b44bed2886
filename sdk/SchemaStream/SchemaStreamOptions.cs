using SchemaStream.Registry.Client;

namespace SchemaStream;

/// <summary>Where the brokers and the registry are, and how to talk to them.</summary>
public sealed record SchemaStreamOptions
{
    /// <summary>Brokers to begin with, as <c>host:port</c>, separated by commas. Any Kafka cluster will do.</summary>
    public required string BootstrapServers { get; init; }

    /// <summary>The schema registry. Any with Confluent's API will do.</summary>
    public required Uri RegistryUrl { get; init; }

    /// <summary>Other instances of the same registry, asked when the first cannot be reached.</summary>
    public IReadOnlyList<Uri> RegistryAlternatives { get; init; } = [];

    /// <summary>TLS towards the registry; null trusts what the system trusts.</summary>
    public RegistryTlsOptions? RegistryTls { get; init; }

    /// <summary>TLS and credentials towards the brokers; null for a plain connection.</summary>
    public BrokerSecurityOptions? BrokerSecurity { get; init; }

    /// <summary>The name that brokers log for this program.</summary>
    public string ClientId { get; init; } = "schemastream";

    /// <summary>What a producer does when the registry does not know its schema.</summary>
    public UnknownSchema UnknownSchema { get; init; } = UnknownSchema.Register;

    /// <summary>User name and password for the registry as <c>user:password</c>; null for none.</summary>
    public string? RegistryBasicCredentials { get; init; }

    /// <summary>A bearer token for the registry; null for none.</summary>
    public string? RegistryBearerToken { get; init; }

    /// <summary>
    /// Gives the bearer token of each request to the registry, in the place of <see cref="RegistryBearerToken"/>: for tokens that
    /// expire, as OAuth's do. It is asked for every request, so it keeps a token for as long as that is good.
    /// </summary>
    public Func<CancellationToken, ValueTask<string>>? RegistryBearerTokenProvider { get; init; }

    /// <summary>
    /// Formats of your own, or the built-in ones with settings of yours: a provider takes the place of the built-in one
    /// of its format, and of those before it here.
    /// </summary>
    /// <remarks>
    /// Avro, JSON and Protobuf are there without being named, and cost nothing until a topic uses them. A provider of
    /// <see cref="SchemaFormat.Bytes"/> writes types that no built-in format knows; see
    /// <see cref="Topic.Custom{TKey, TValue}"/>.
    /// </remarks>
    public IReadOnlyList<ISchemaSerializerProvider> Formats { get; init; } = [];

    /// <summary>Who moves the bytes between this program and the brokers.</summary>
    public ClientTransport Transport { get; init; } = ClientTransport.Managed;

    /// <summary>
    /// The escape hatch: changes the settings of the transport (librdkafka's names, for example <c>sasl.mechanism</c>)
    /// of everything this client makes, after the SDK has set its own.
    /// </summary>
    public Action<IDictionary<string, string>>? ConfigureTransport { get; init; }

    /// <summary>Says where things are, and none of the secrets: options are logged.</summary>
    public override string ToString()
    {
        var registry = RegistryUrl.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped);
        return $"brokers {BootstrapServers} ({BrokerSecurity?.ToString() ?? "plaintext"}), registry {registry}, client {ClientId}";
    }
}
