using System.Diagnostics.Metrics;

namespace SchemaStream.Observation;

/// <summary>
/// What producers and consumers count and time, under the meter <c>SchemaStream</c> and the names of OpenTelemetry's
/// conventions for messaging. Instruments that no one listens to cost one look.
/// </summary>
internal static class ClientMetrics
{
    private static readonly Meter Meter = new("SchemaStream");

    private static readonly Counter<long> Sent = Meter.CreateCounter<long>(
        "messaging.client.sent.messages", "{message}", "Records that were handed over for sending.");

    private static readonly Counter<long> Consumed = Meter.CreateCounter<long>(
        "messaging.client.consumed.messages", "{message}", "Records that were handed to the application.");

    private static readonly Histogram<double> SendDuration = Meter.CreateHistogram<double>(
        "messaging.client.operation.duration", "s", "How long the application waited for an acknowledgement.");

    private static readonly Histogram<double> ProcessDuration = Meter.CreateHistogram<double>(
        "messaging.process.duration", "s", "How long handlers took, without retries and waiting.");

    /// <summary>Whether anyone wants to know how long sending takes.</summary>
    public static bool TimesSends => SendDuration.Enabled;

    /// <summary>Whether anyone wants to know how long handlers take.</summary>
    public static bool TimesHandlers => ProcessDuration.Enabled;

    public static void CountSent(string topic, long count = 1)
    {
        if (Sent.Enabled)
        {
            Sent.Add(count, Of(topic));
        }
    }

    public static void CountConsumed(string topic, string groupId, long count = 1)
    {
        if (Consumed.Enabled)
        {
            Consumed.Add(count, Of(topic), OfGroup(groupId));
        }
    }

    public static void SendTook(string topic, TimeSpan duration, Exception? failure) =>
        Record(SendDuration, duration, failure, Of(topic), new("messaging.operation.name", "send"));

    public static void HandlerTook(string topic, string groupId, TimeSpan duration, Exception? failure) =>
        Record(ProcessDuration, duration, failure, Of(topic), OfGroup(groupId));

    private static void Record(
        Histogram<double> histogram,
        TimeSpan duration,
        Exception? failure,
        KeyValuePair<string, object?> first,
        KeyValuePair<string, object?> second)
    {
        if (failure is null)
        {
            histogram.Record(duration.TotalSeconds, first, second);
        }
        else
        {
            histogram.Record(duration.TotalSeconds, first, second, new("error.type", failure.GetType().FullName));
        }
    }

    private static KeyValuePair<string, object?> Of(string topic) => new("messaging.destination.name", topic);

    private static KeyValuePair<string, object?> OfGroup(string groupId) => new("messaging.consumer.group.name", groupId);
}
