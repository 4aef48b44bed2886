using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Microsoft.Extensions.Logging;

namespace SchemaStream.Topics;

/// <summary>Makes topics, through Confluent.Kafka's admin client.</summary>
/// <param name="settings">The transport's settings.</param>
/// <param name="logger">Where the client's troubles are logged.</param>
internal sealed class TopicAdmin(IReadOnlyDictionary<string, string> settings, ILogger logger) : ITopicAdmin
{
    /// <summary>Kafka's name for the refusal of a topic that is there.</summary>
    public const string AlreadyExists = "TOPIC_ALREADY_EXISTS";

    private const int BrokersDefault = -1;

    private readonly Lazy<IAdminClient> _client = new(() => Build(settings, logger));

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
            await _client.Value.CreateTopicsAsync([wanted]).WaitAsync(cancellationToken).ConfigureAwait(false);
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
            throw new BrokerException(NameOf(failure.Error), $"Topic '{name}' was not created by the brokers at {settings["bootstrap.servers"]}: {failure.Error.Reason}", failure);
        }
        catch (EntryPointNotFoundException missing)
        {
            throw new NotSupportedException(
                "The librdkafka at hand lacks an admin function that Confluent.Kafka calls: use the one of its package.", missing);
        }
    }

    /// <inheritdoc />
    public async Task PingAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _client.Value.DescribeClusterAsync().WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (KafkaException failure)
        {
            throw new BrokerException(NameOf(failure.Error), $"The brokers at {settings["bootstrap.servers"]} do not answer: {failure.Error.Reason}", failure);
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        if (_client.IsValueCreated)
        {
            _client.Value.Dispose();
        }
    }

    private static string NameOf(Error error) => Transport.Native.NativeClient.NameOf((int)error.Code);

    private static IAdminClient Build(IReadOnlyDictionary<string, string> settings, ILogger logger) =>
        new AdminClientBuilder(settings)
            .SetLogHandler((_, line) => Pass(line, logger))
            .SetErrorHandler((_, error) => logger.ClientError("-", NameOf(error), error.Reason))
            .Build();

    private static void Pass(LogMessage line, ILogger logger)
    {
        var level = (LogLevel)line.LevelAs(LogLevelType.MicrosoftExtensionsLogging);
        logger.NativeLine(level, line.Facility, line.Message);
    }
}
