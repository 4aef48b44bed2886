using System.Diagnostics.Metrics;

namespace SchemaStream;

/// <summary>What the SDK counts, under the meter <c>SchemaStream</c>.</summary>
internal static class Telemetry
{
    private static readonly Meter Meter = new("SchemaStream");

    private static readonly Counter<long> FailedDeliveries = Meter.CreateCounter<long>(
        "schemastream.producer.failed", "{record}", "Records that were accepted for sending and not delivered.");

    private static readonly Counter<long> UnreadableRecords = Meter.CreateCounter<long>(
        "schemastream.consumer.unreadable", "{record}", "Records whose key or value does not follow the topic's types.");

    private static readonly Counter<long> Failures = Meter.CreateCounter<long>(
        "schemastream.consumer.failures", "{record}", "Records that could not be read or handled, by what became of them.");

    private static readonly Counter<long> Retries = Meter.CreateCounter<long>(
        "schemastream.consumer.retries", "{attempt}", "Failed attempts after which a record is tried again.");

    /// <summary>Counts a record whose last attempt has failed.</summary>
    /// <param name="topic">The topic.</param>
    /// <param name="action">What became of it.</param>
    public static void CountFailure(string topic, FailureAction action) => Failures.Add(
        1,
        new KeyValuePair<string, object?>("topic", topic),
        new KeyValuePair<string, object?>("action", action switch
        {
            FailureAction.Skip => "skip",
            FailureAction.DeadLetter => "dead_letter",
            _ => "throw",
        }));

    /// <summary>Counts an attempt that has failed and is not the last.</summary>
    /// <param name="topic">The topic.</param>
    public static void CountRetry(string topic) => Retries.Add(1, new KeyValuePair<string, object?>("topic", topic));

    public static void CountFailedDelivery(string topic) =>
        FailedDeliveries.Add(1, new KeyValuePair<string, object?>("topic", topic));

    public static void CountUnreadable(string topic) =>
        UnreadableRecords.Add(1, new KeyValuePair<string, object?>("topic", topic));
}
