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

    public static void CountFailedDelivery(string topic) =>
        FailedDeliveries.Add(1, new KeyValuePair<string, object?>("topic", topic));

    public static void CountUnreadable(string topic) =>
        UnreadableRecords.Add(1, new KeyValuePair<string, object?>("topic", topic));
}
