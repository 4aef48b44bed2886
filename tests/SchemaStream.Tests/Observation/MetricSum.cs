using System.Diagnostics.Metrics;

namespace SchemaStream.Tests.Observation;

/// <summary>What the SDK's meter has counted with an instrument, of one topic.</summary>
internal sealed class MetricSum : IDisposable
{
    private readonly MeterListener _listener = new();
    private long _sum;

    public MetricSum(string instrument, string topic)
    {
        _listener.InstrumentPublished = (published, listener) =>
        {
            if (published.Meter.Name == "SchemaStream" && published.Name == instrument)
            {
                listener.EnableMeasurementEvents(published);
            }
        };
        _listener.SetMeasurementEventCallback<long>((_, value, tags, _) =>
        {
            foreach (var tag in tags)
            {
                if (topic.Equals(tag.Value))
                {
                    Interlocked.Add(ref _sum, value);
                }
            }
        });
        _listener.Start();
    }

    public long Value => Interlocked.Read(ref _sum);

    public void Dispose() => _listener.Dispose();
}
