using System.Diagnostics;
using System.Globalization;

namespace SchemaStream.Observation;

/// <summary>
/// Spans of the source <c>SchemaStream</c> by OpenTelemetry's conventions for messaging, and the W3C trace context in the
/// headers <c>traceparent</c> and <c>tracestate</c>.
/// </summary>
internal static class Tracing
{
    public const string Kafka = "kafka";
    public const string MessagingSystem = "messaging.system";
    public const string OperationName = "messaging.operation.name";
    public const string OperationType = "messaging.operation.type";
    public const string Destination = "messaging.destination.name";
    public const string Group = "messaging.consumer.group.name";
    public const string ErrorType = "error.type";

    private const string Partition = "messaging.destination.partition.id";
    private const string Offset = "messaging.kafka.offset";
    private const string Tombstone = "messaging.kafka.message.tombstone";

    private const string TraceParent = "traceparent";
    private const string TraceState = "tracestate";

    private static readonly ActivitySource Source = new("SchemaStream");
    private static readonly DistributedContextPropagator Propagator = DistributedContextPropagator.CreateW3CPropagator();

    /// <summary>Whether a record that is sent now has a trace to carry, or someone wants to see its span.</summary>
    public static bool IsWanted => Source.HasListeners() || Activity.Current is not null;

    /// <summary>Whether someone wants to see spans of handlers.</summary>
    public static bool HasListeners => Source.HasListeners();

    /// <summary>The span of a record that is sent; null when no one wants it.</summary>
    /// <param name="topic">The topic.</param>
    /// <param name="isTombstone">Whether it has no value.</param>
    public static Activity? StartSend(string topic, bool isTombstone)
    {
        var activity = Source.StartActivity($"send {topic}", ActivityKind.Producer);
        activity?.SetTag(MessagingSystem, Kafka).SetTag(OperationName, "send").SetTag(OperationType, "send").SetTag(Destination, topic);
        if (isTombstone)
        {
            activity?.SetTag(Tombstone, true);
        }

        return activity;
    }

    /// <summary>The record's options with the context of the current span among its headers; the caller's are left as they are.</summary>
    /// <param name="options">The caller's options.</param>
    public static RecordOptions Inject(in RecordOptions options)
    {
        if (Activity.Current is not { } current)
        {
            return options;
        }

        var headers = new RecordHeaders();
        foreach (var header in options.Headers ?? RecordHeaders.Empty)
        {
            // A record that is passed on with its headers has the context of another span.
            if (header.Name is not (TraceParent or TraceState))
            {
                headers.Add(header.Name, header.Value);
            }
        }

        Propagator.Inject(current, headers, static (carrier, name, value) => ((RecordHeaders)carrier!).Add(name, value));
        return options with { Headers = headers };
    }

    /// <summary>The span of handling a record, the child of the one that sent it; null when no one wants it.</summary>
    /// <param name="position">Where the record lies.</param>
    /// <param name="groupId">The group that handles it.</param>
    /// <param name="isTombstone">Whether it has no value.</param>
    /// <param name="headers">What travels with it.</param>
    public static Activity? StartProcess(in RecordPosition position, string groupId, bool isTombstone, RecordHeaders headers)
    {
        Propagator.ExtractTraceIdAndState(headers, Read, out var traceParent, out var traceState);
        var parent = ActivityContext.TryParse(traceParent, traceState, isRemote: true, out var context) ? context : default;
        var activity = Source.StartActivity($"process {position.Topic}", ActivityKind.Consumer, parent);
        if (activity is not null)
        {
            activity.SetTag(MessagingSystem, Kafka).SetTag(OperationName, "process").SetTag(OperationType, "process")
                .SetTag(Destination, position.Topic).SetTag(Group, groupId);
            At(activity, position);
            if (isTombstone)
            {
                activity.SetTag(Tombstone, true);
            }
        }

        return activity;
    }

    /// <summary>Where the record lies, once that is known.</summary>
    public static void At(Activity? activity, in RecordPosition position) => activity?
        .SetTag(Partition, position.Partition.ToString(CultureInfo.InvariantCulture)).SetTag(Offset, position.Offset);

    /// <summary>What was tried has failed.</summary>
    public static void Fail(Activity? activity, Exception failure)
    {
        if (activity is not null)
        {
            activity.SetTag(ErrorType, Name(failure));
            activity.SetStatus(ActivityStatusCode.Error, failure.Message);
        }
    }

    /// <summary>What kind of failure it is: the brokers' name for it, if they have told one.</summary>
    public static string? Name(Exception failure) =>
        failure is DeliveryException { Failure.Code: { } code } ? code : failure.GetType().FullName;

    private static void Read(object? carrier, string name, out string? value, out IEnumerable<string>? values)
    {
        // A header is bytes that anyone may have written: what is no context is none.
        value = ((RecordHeaders)carrier!)[name]?.AsText();
        values = null;
    }
}
