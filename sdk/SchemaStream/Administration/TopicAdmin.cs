using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Microsoft.Extensions.Logging;
using SchemaStream.Transport.Native;

namespace SchemaStream.Administration;

/// <summary>Makes topics, through Confluent.Kafka's admin client.</summary>
/// <param name="settings">The transport's settings.</param>
/// <param name="logger">Where the client's troubles are logged.</param>
/// <param name="patience">How long brokers may take to answer; null for half a minute.</param>
internal sealed class TopicAdmin(IReadOnlyDictionary<string, string> settings, ILogger logger, TimeSpan? patience = null) : ITopicAdmin
{
    /// <summary>Kafka's name for the refusal of a topic that is there.</summary>
    public const string AlreadyExists = "TOPIC_ALREADY_EXISTS";

    private const int BrokersDefault = -1;

    /// <summary>How settings end that are about a reassignment of the topic's own replicas.</summary>
    private const string ThrottledReplicas = ".throttled.replicas";

    private static readonly TimeSpan DefaultPatience = TimeSpan.FromSeconds(30);

    private readonly TimeSpan _patience = patience ?? DefaultPatience;

    /// <summary>What the client has last said of a broker: why none answers.</summary>
    private readonly LastTrouble _trouble = new();

    private IAdminClient? _made;
    private object? _making;

    private IAdminClient Client => LazyInitializer.EnsureInitialized(ref _made, ref _making, () => Build(settings, logger, _trouble));

    /// <inheritdoc />
    public async Task CreateAsync(string name, TopicSpecification specification, CancellationToken cancellationToken)
    {
        var wanted = new Confluent.Kafka.Admin.TopicSpecification
        {
            Name = name,
            NumPartitions = specification.PartitionCount ?? BrokersDefault,
            ReplicationFactor = specification.ReplicationFactor ?? BrokersDefault,
            Configs = new Dictionary<string, string>(specification.Settings),
        };
        try
        {
            await Client.CreateTopicsAsync([wanted], new CreateTopicsOptions { RequestTimeout = _patience }).WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (CreateTopicsException refusal)
        {
            var error = refusal.Results[0].Error;
            throw new BrokerException(
                error.Code == ErrorCode.TopicAlreadyExists ? AlreadyExists : NameOf(error),
                $"Topic '{name}' was not created by the brokers at {settings["bootstrap.servers"]}: {error.Reason}",
                refusal);
        }
        catch (KafkaException failure)
        {
            throw new BrokerException(
                NameOf(failure.Error),
                $"Topic '{name}' was not created by the brokers at {settings["bootstrap.servers"]}: {failure.Error.Reason}{_trouble}",
                failure);
        }
        catch (EntryPointNotFoundException missing)
        {
            throw new NotSupportedException(
                "The librdkafka at hand lacks an admin function that Confluent.Kafka calls: use the one of its package.", missing);
        }
    }

    /// <inheritdoc />
    public async Task<IReadOnlyDictionary<string, string>> SettingsAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            var found = await Client.DescribeConfigsAsync(
                [new ConfigResource { Type = ResourceType.Topic, Name = name }],
                new DescribeConfigsOptions { RequestTimeout = _patience }).WaitAsync(cancellationToken).ConfigureAwait(false);
            return found.SelectMany(topic => topic.Entries.Values)
                .Where(entry => entry is { Source: ConfigSource.DynamicTopicConfig, IsSensitive: false, Value: not null }
                    && !entry.Name.EndsWith(ThrottledReplicas, StringComparison.Ordinal))
                .ToDictionary(entry => entry.Name, entry => entry.Value);
        }
        catch (KafkaException failure)
        {
            throw new BrokerException(
                NameOf(failure.Error),
                $"The settings of topic '{name}' are not told by the brokers at {settings["bootstrap.servers"]}: {failure.Error.Reason}{_trouble}",
                failure);
        }
    }

    /// <inheritdoc />
    public async Task PingAsync(CancellationToken cancellationToken)
    {
        try
        {
            await Client.DescribeClusterAsync(new DescribeClusterOptions { RequestTimeout = _patience }).WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (KafkaException failure)
        {
            throw new BrokerException(
                NameOf(failure.Error), $"The brokers at {settings["bootstrap.servers"]} do not answer: {failure.Error.Reason}{_trouble}", failure);
        }
    }

    /// <inheritdoc />
    public void Dispose() => _made?.Dispose();

    private static string NameOf(Error error) => NativeClient.NameOf((int)error.Code);

    private static IAdminClient Build(IReadOnlyDictionary<string, string> settings, ILogger logger, LastTrouble trouble) =>
        new AdminClientBuilder(settings)
            .SetLogHandler((_, line) => Pass(line, logger))
            .SetErrorHandler((_, error) =>
            {
                trouble.Note(error);
                logger.ClientError("-", NameOf(error), error.Reason);
            })
            .Build();

    private static void Pass(LogMessage line, ILogger logger)
    {
        var level = NativeLines.LevelOf((LogLevel)line.LevelAs(LogLevelType.MicrosoftExtensionsLogging), line.Facility);
        logger.NativeLine(level, line.Facility, line.Message);
    }

    /// <summary>A time-out alone does not say that a connection was refused, or a name unknown.</summary>
    private sealed class LastTrouble
    {
        private volatile string? _reason;

        public void Note(Error error)
        {
            // That all are down says less than what was said of each of them.
            if (error.Code != ErrorCode.Local_AllBrokersDown)
            {
                _reason = error.Reason;
            }
        }

        public override string ToString() => _reason is { } reason
            ? $". {reason}. Check that a broker runs there (`schemastream up` starts one) and that the address is right."
            : "";
    }
}
