using Microsoft.Extensions.Logging;

namespace SchemaStream;

/// <summary>What the SDK logs: state changes and failures, never per record that went well.</summary>
internal static partial class Log
{
    [LoggerMessage(100, LogLevel.Information, "Topic {Topic}: bound as {Key} keys and {Value} values")]
    public static partial void ContractBound(this ILogger logger, string topic, string key, string value);

    [LoggerMessage(101, LogLevel.Information,
        "The registry {Registry} keeps no topic contracts: this program holds each topic to the type of its subject's first version by itself")]
    public static partial void RegistryWithoutContracts(this ILogger logger, Uri registry);

    [LoggerMessage(200, LogLevel.Information, "Topic {Topic}: {Count} partitions assigned, {Total} in all")]
    public static partial void PartitionsAssigned(this ILogger logger, string topic, int count, int total);

    [LoggerMessage(201, LogLevel.Information, "Topic {Topic}: {Count} partitions revoked, {Total} left; lost: {IsLost}")]
    public static partial void PartitionsRevoked(this ILogger logger, string topic, int count, int total, bool isLost);

    [LoggerMessage(202, LogLevel.Warning,
        "Topic {Topic}: the application has not come back for more within {Interval}: the member falls silent, and others get its partitions")]
    public static partial void ReaderStuck(this ILogger logger, string topic, TimeSpan interval);

    [LoggerMessage(203, LogLevel.Error, "Topic {Topic}: reading has failed")]
    public static partial void PollingFailed(this ILogger logger, string topic, Exception failure);

    [LoggerMessage(204, LogLevel.Warning, "{Topic}[{Partition}] at offset {Offset} was skipped: it cannot be read")]
    public static partial void RecordSkipped(this ILogger logger, string topic, int partition, long offset, Exception failure);

    [LoggerMessage(205, LogLevel.Information,
        "{Topic}[{Partition}] moves, or is another member's by now: offset {Offset} is not committed, its next owner reads the record again")]
    public static partial void CommitLeftOut(this ILogger logger, string topic, int partition, long offset);

    [LoggerMessage(206, LogLevel.Error, "{Topic}[{Partition}] could not be fetched again from where it was given back")]
    public static partial void RewindFailed(this ILogger logger, string topic, int partition, Exception failure);

    [LoggerMessage(207, LogLevel.Warning, "{Topic}[{Partition}] at offset {Offset}: attempt {Attempt} has failed, the next follows in {Delay}")]
    public static partial void RecordRetried(
        this ILogger logger, string topic, int partition, long offset, int attempt, TimeSpan delay, Exception failure);

    [LoggerMessage(208, LogLevel.Error, "{Topic}[{Partition}] at offset {Offset} was passed over: its handler has failed")]
    public static partial void RecordPassedOver(this ILogger logger, string topic, int partition, long offset, Exception failure);

    [LoggerMessage(209, LogLevel.Error, "{Topic}[{Partition}] at offset {Offset} is in the dead-letter topic {DeadLetterTopic}")]
    public static partial void RecordDeadLettered(
        this ILogger logger, string topic, int partition, long offset, string deadLetterTopic, Exception failure);

    [LoggerMessage(210, LogLevel.Warning,
        "Topic {Topic}: handlers were still running after {Timeout}; their partitions' next owners read those records again")]
    public static partial void HandlersAbandoned(this ILogger logger, string topic, TimeSpan timeout);

    [LoggerMessage(211, LogLevel.Warning,
        "Topic {Topic}: group {Group} has not shared out what the topic has, as with a topic that was made just before: this member joins anew")]
    public static partial void MemberJoinsAnew(this ILogger logger, string topic, string group);

    [LoggerMessage(300, LogLevel.Error, "Topic {Topic}: a record was not delivered: {Code}: {Reason}")]
    public static partial void DeliveryFailed(this ILogger logger, string topic, string code, string reason);

    [LoggerMessage(301, LogLevel.Error, "Topic {Topic}: closed with {Count} undelivered records that no flush had reported")]
    public static partial void ClosedWithFailures(this ILogger logger, string topic, long count);

    [LoggerMessage(302, LogLevel.Error, "Topic {Topic}: the application's handler of failed deliveries has thrown")]
    public static partial void FailureHandlerThrew(this ILogger logger, string topic, Exception failure);

    [LoggerMessage(303, LogLevel.Warning, "Transactional id {TransactionalId}: a transaction was left to its brokers to abort")]
    public static partial void AbortFailed(this ILogger logger, string transactionalId, Exception failure);

    [LoggerMessage(304, LogLevel.Warning, "Topic {Topic}: a transaction was aborted; its records are read and handled again")]
    public static partial void TransactionAborted(this ILogger logger, string topic, Exception failure);

    [LoggerMessage(305, LogLevel.Warning, "Topic {Topic}: an exactly-once loop goes on with a new producer")]
    public static partial void TransformBeginsAgain(this ILogger logger, string topic, Exception failure);

    [LoggerMessage(306, LogLevel.Warning, "Topic {Topic}: reading waits for the registry: {Reason}")]
    public static partial void ReadingWaitsForRegistry(this ILogger logger, string topic, string reason);

    [LoggerMessage(307, LogLevel.Warning, "Topic {Topic}: the coordinator of group {Group} is away; what is handled is committed later")]
    public static partial void CoordinatorAway(this ILogger logger, string topic, string group, Exception failure);

    [LoggerMessage(400, LogLevel.Warning, "Topic {Topic}: {Code}: {Reason}")]
    public static partial void ClientError(this ILogger logger, string topic, string code, string reason);

    [LoggerMessage(401, LogLevel.Error, "Topic {Topic}: {Code}: {Reason}")]
    public static partial void ClientFailed(this ILogger logger, string topic, string code, string reason);

    [LoggerMessage(EventId = 402, Message = "librdkafka {Facility}: {Text}")]
    public static partial void NativeLine(this ILogger logger, LogLevel level, string facility, string text);

    [LoggerMessage(410, LogLevel.Warning, "Topic {Topic}: the connection to broker {Broker} ended, another follows: {Reason}")]
    public static partial void BrokerLost(this ILogger logger, string topic, int broker, string reason);

    [LoggerMessage(411, LogLevel.Warning, "Topic {Topic}: the brokers could not be asked, another try follows: {Reason}")]
    public static partial void BrokersNotAsked(this ILogger logger, string topic, string reason);

    [LoggerMessage(412, LogLevel.Information, "Topic {Topic}: read by librdkafka, for the SDK's own way of fetching has no setting {Setting}")]
    public static partial void FetchedByLibrdkafka(this ILogger logger, string topic, string setting);

    [LoggerMessage(413, LogLevel.Information, "Topic {Topic}: sent by librdkafka, for the SDK's own way of producing has no setting {Setting}")]
    public static partial void ProducedByLibrdkafka(this ILogger logger, string topic, string setting);
}
