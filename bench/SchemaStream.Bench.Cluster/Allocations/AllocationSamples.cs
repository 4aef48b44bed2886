using System.Diagnostics.Tracing;

namespace SchemaStream.Bench.Cluster.Allocations;

/// <summary>Which types are allocated, as the runtime samples them: the object that completes each hundred kilobytes.</summary>
internal sealed class AllocationSamples : EventListener
{
    private const EventKeywords GarbageCollection = (EventKeywords)1;
    private const int AllocationTick = 10;
    private const int TypeName = 5;
    private const int ObjectSize = 8;

    private readonly Dictionary<string, (long Samples, long LastSize)> _byType = [];

    public void Print(int most)
    {
        lock (_byType)
        {
            foreach (var (type, (samples, size)) in _byType.OrderByDescending(entry => entry.Value.Samples).Take(most))
            {
                Console.WriteLine($"    {samples,6} x {size,6} B  {type}");
            }
        }
    }

    protected override void OnEventSourceCreated(EventSource eventSource)
    {
        if (eventSource.Name == "Microsoft-Windows-DotNETRuntime")
        {
            EnableEvents(eventSource, EventLevel.Verbose, GarbageCollection);
        }
    }

    protected override void OnEventWritten(EventWrittenEventArgs eventData)
    {
        if (eventData.EventId != AllocationTick || eventData.Payload is not { } payload)
        {
            return;
        }

        lock (_byType)
        {
            var type = payload[TypeName] as string ?? "?";
            _byType.TryGetValue(type, out var known);
            _byType[type] = (known.Samples + 1, Convert.ToInt64(payload[ObjectSize], System.Globalization.CultureInfo.InvariantCulture));
        }
    }
}
