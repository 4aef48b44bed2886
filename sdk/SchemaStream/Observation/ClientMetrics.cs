using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace SchemaStream.Observation;

/// <summary>
/// What producers and consumers count and time, under the meter <c>SchemaStream</c> and the names of OpenTelemetry's
/// conventions for messaging. Instruments that no one listens to cost one look.
/// </summary>
internal static class ClientMetrics
{
    private const string Send = "send";
    private const string Poll = "poll";
    private const string Process = "process";

    private static readonly Meter Meter = new("SchemaStream");

    /// <summary>The buckets that the conventions ask for: those by default are for milliseconds.</summary>
    private static readonly InstrumentAdvice<double> Seconds = new()
    {
        HistogramBucketBoundaries = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10],
    };

    private static readonly Counter<long> Sent = Meter.CreateCounter<long>(
        "messaging.client.sent.messages", "{message}", "Records that were handed over for sending.");

    private static readonly Counter<long> Consumed = Meter.CreateCounter<long>(
        "messaging.client.consumed.messages", "{message}", "Records that were handed to the application.");

    private static readonly Histogram<double> SendDuration = Meter.CreateHistogram<double>(
        "messaging.client.operation.duration", "s", "How long the application waited for an acknowledgement.", tags: null, Seconds);

    private static readonly Histogram<double> ProcessDuration = Meter.CreateHistogram<double>(
        "messaging.process.duration", "s", "How long handlers took, without retries and waiting.", tags: null, Seconds);

    /// <summary>Whether anyone wants to know how many records are handed out.</summary>
    public static bool CountsConsumed => Consumed.Enabled;

    /// <summary>Whether anyone wants to know how long sending takes.</summary>
    public static bool TimesSends => SendDuration.Enabled;

    /// <summary>Whether anyone wants to know how long handlers take.</summary>
    public static bool TimesHandlers => ProcessDuration.Enabled;

    public static void CountSent(string topic, long count = 1)
    {
        if (Sent.Enabled)
        {
            Sent.Add(count, Of(Send, topic));
        }
    }

    public static void CountConsumed(string topic, string groupId, long count = 1)
    {
        if (Consumed.Enabled)
        {
            var tags = Of(Poll, topic);
            tags.Add(Tracing.Group, groupId);
            Consumed.Add(count, tags);
        }
    }

    public static void SendTook(string topic, TimeSpan duration, Exception? failure)
    {
        var tags = Of(Send, topic);
        tags.Add(Tracing.OperationType, Send);
        Record(SendDuration, duration, failure, tags);
    }

    public static void HandlerTook(string topic, string groupId, TimeSpan duration, Exception? failure)
    {
        var tags = Of(Process, topic);
        tags.Add(Tracing.Group, groupId);
        Record(ProcessDuration, duration, failure, tags);
    }

    private static void Record(Histogram<double> histogram, TimeSpan duration, Exception? failure, TagList tags)
    {
        if (failure is not null)
        {
            tags.Add(Tracing.ErrorType, Tracing.Name(failure));
        }

        histogram.Record(duration.TotalSeconds, tags);
    }

    /// <summary>What all of them have.</summary>
    private static TagList Of(string operation, string topic) => new()
    {
        { Tracing.MessagingSystem, Tracing.Kafka },
        { Tracing.OperationName, operation },
        { Tracing.Destination, topic },
    };
}
