using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using SchemaStream.Administration;
using SchemaStream.Contracts;
using SchemaStream.Observation;
using SchemaStream.Producing;
using SchemaStream.Registry.Client;
using SchemaStream.Transport;
using SchemaStream.Transport.Native;
using SchemaStream.Transport.Wire;

namespace SchemaStream;

/// <summary>The front door: makes topics, and typed producers and consumers of them.</summary>
/// <remarks>
/// Make one and keep it. Everything it makes is checked against the topic's contract first, before a byte is sent or read.
/// Dispose producers and consumers before it.
/// </remarks>
/// <example><code>
/// await using var client = new SchemaStreamClient(new()
/// {
///     BootstrapServers = "127.0.0.1:9092",
///     RegistryUrl = new Uri("http://127.0.0.1:8081"),
/// });
/// await using var producer = await client.CreateProducerAsync(Orders.Topic);
/// await producer.SendAsync("customer-7", new OrderPlaced(...));
/// </code></example>
public sealed partial class SchemaStreamClient : IAsyncDisposable
{
    private readonly SchemaStreamOptions _options;
    private readonly ILogger _logger;
    private readonly FormatTable _formats;
    private readonly IRegistryClient _registry;
    private readonly ContractGate _gate;
    private readonly ITopicAdmin _admin;
    private readonly ITransport _transport;

    /// <summary>Makes a client. It connects when it is first used.</summary>
    /// <param name="options">Where the brokers and the registry are.</param>
    /// <param name="loggerFactory">Where to log; null logs nowhere.</param>
    public SchemaStreamClient(SchemaStreamOptions options, ILoggerFactory? loggerFactory = null)
        : this(options, RegistryOf(options), TransportOf(options), admin: null, loggerFactory)
    {
    }

    /// <summary>Makes a client whose brokers and registry may be others than those of the options: fakes.</summary>
    internal SchemaStreamClient(
        SchemaStreamOptions options, IRegistryClient registry, ITransport transport, ITopicAdmin? admin, ILoggerFactory? loggerFactory)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(options.BootstrapServers);
        _options = options;
        _logger = (loggerFactory ?? NullLoggerFactory.Instance).CreateLogger("SchemaStream");
        _formats = new FormatTable(options.Formats);
        _registry = registry;
        _transport = transport;
        _gate = new ContractGate(_registry, _formats, options.UnknownSchema, _logger);
        _admin = admin ?? new TopicAdmin(TransportSettings.Shared(options), _logger);
    }

    /// <summary>The registry that this client asks: for what the typed calls do not cover.</summary>
    public IRegistryClient Registry => _registry;

    /// <summary>Creates a topic and binds its contract.</summary>
    /// <typeparam name="TKey">The C# type of the keys.</typeparam>
    /// <typeparam name="TValue">The C# type of the values.</typeparam>
    /// <param name="topic">The topic.</param>
    /// <param name="specification">Partitions, replicas and settings; null for the brokers' defaults.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="BrokerException">The brokers refuse, with <c>TOPIC_ALREADY_EXISTS</c> for a topic that is there.</exception>
    /// <exception cref="TopicContractException">A topic of this name was bound to other types before.</exception>
    public async Task CreateTopicAsync<TKey, TValue>(
        Topic<TKey, TValue> topic, TopicSpecification? specification = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(topic);
        var contract = TopicTypes<TKey, TValue>.Derive(topic, _formats).Contract;

        // Refused before the topic is there; bound only once it is.
        await _gate.AdmitAsync(contract, UnboundTopic.Leave, cancellationToken).ConfigureAwait(false);
        await _admin.CreateAsync(topic.Name, specification ?? new(), cancellationToken).ConfigureAwait(false);
        await _gate.AdmitAsync(contract, UnboundTopic.Bind, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Creates a topic unless it is there, and binds its contract.</summary>
    /// <typeparam name="TKey">The C# type of the keys.</typeparam>
    /// <typeparam name="TValue">The C# type of the values.</typeparam>
    /// <param name="topic">The topic.</param>
    /// <param name="specification">Partitions, replicas and settings of a new topic; null for the brokers' defaults.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>Whether the topic is new. One that was there keeps its partitions and settings.</returns>
    /// <exception cref="TopicContractException">The topic carries other types.</exception>
    public async Task<bool> EnsureTopicAsync<TKey, TValue>(
        Topic<TKey, TValue> topic, TopicSpecification? specification = null, CancellationToken cancellationToken = default)
    {
        try
        {
            await CreateTopicAsync(topic, specification, cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (BrokerException refusal) when (refusal.Code == TopicAdmin.AlreadyExists)
        {
            var contract = TopicTypes<TKey, TValue>.Derive(topic, _formats).Contract;
            await _gate.AdmitAsync(contract, UnboundTopic.Bind, cancellationToken).ConfigureAwait(false);
            return false;
        }
    }

    /// <summary>Makes a producer, once the topic's contract allows its types and the registry has their schemas.</summary>
    /// <typeparam name="TKey">The C# type of the keys.</typeparam>
    /// <typeparam name="TValue">The C# type of the values.</typeparam>
    /// <param name="topic">The topic.</param>
    /// <param name="options">How to send; null for the defaults.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="TopicContractException">The topic carries other types.</exception>
    /// <exception cref="RegistryException">The registry refuses a schema, for example as incompatible with earlier ones.</exception>
    /// <exception cref="SchemaSerializationException">A C# type has a shape that its format cannot carry.</exception>
    public async Task<ITopicProducer<TKey, TValue>> CreateProducerAsync<TKey, TValue>(
        Topic<TKey, TValue> topic, ProducerOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(topic);
        options ??= new();
        var undelivered = new UndeliveredRecords(topic.Name, options.DeliveryFailed, _logger);
        var producer = await OpenAsync(
            topic,
            name => _transport.CreateProducer(name, TransportSettings.ForProducer(_options, options), undelivered, _logger),
            cancellationToken,
            undelivered).ConfigureAwait(false);
        return new ObservedProducer<TKey, TValue>(producer, TimeProvider.System);
    }

    /// <summary>Closes the connections of the client itself; producers and consumers have their own.</summary>
    public ValueTask DisposeAsync()
    {
        _admin.Dispose();
        _registry.Dispose();
        return ValueTask.CompletedTask;
    }

    private static ITransport TransportOf(SchemaStreamOptions options) => options.Transport switch
    {
        ClientTransport.Managed => new WireTransport(new NativeTransport()),
        ClientTransport.Librdkafka => new NativeTransport(),
        _ => throw new ArgumentOutOfRangeException(nameof(options), options.Transport, "Not a value of this choice."),
    };

    private static RegistryClient RegistryOf(SchemaStreamOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new RegistryClient(new RegistryClientOptions
        {
            Address = options.RegistryUrl,
            Alternatives = options.RegistryAlternatives,
            Tls = options.RegistryTls,
            BasicCredentials = options.RegistryBasicCredentials,
            BearerToken = options.RegistryBearerToken,
            BearerTokenProvider = options.RegistryBearerTokenProvider,
        });
    }
}
