using System.Diagnostics.Metrics;
using System.Text;
using SchemaStream.Broker.Observation;
using SchemaStream.Broker.Runtime.Observation;

namespace SchemaStream.Broker.Tests.Observation;

public sealed class PrometheusTextTests : IDisposable
{
    private readonly Meter _meter = new("tests");
    private readonly MetricStore _store;

    public PrometheusTextTests() => _store = new MetricStore(_meter, 3);

    public void Dispose()
    {
        _store.Dispose();
        _meter.Dispose();
    }

    [Theory]
    [InlineData("schemastream.broker.topic.received", "By", MetricKind.Counter, "schemastream_broker_topic_received_bytes_total")]
    [InlineData("schemastream.broker.request.duration", "s", MetricKind.Histogram, "schemastream_broker_request_duration_seconds")]
    [InlineData("schemastream.broker.group.lag", "{record}", MetricKind.Gauge, "schemastream_broker_group_lag")]
    [InlineData("dotnet.gc.last_collection.heap.size", "By", MetricKind.Gauge, "dotnet_gc_last_collection_heap_size_bytes")]
    public void Name_HasItsUnitAndKind(string name, string unit, MetricKind kind, string expected) =>
        PrometheusText.NameOf(name, unit, kind).ShouldBe(expected);

    [Fact]
    public void Counter_AddsUp_AndEscapesWhatItsTagsHold()
    {
        var counter = _meter.CreateCounter<long>("lines", "{line}", "One\\two\nthree.");
        counter.Add(1, new KeyValuePair<string, object?>("topic.name", "a\"b\\c\nd"));
        counter.Add(2, new KeyValuePair<string, object?>("topic.name", "a\"b\\c\nd"));

        Page().ShouldBe(
            """
            # HELP lines_total One\\two\nthree.
            # TYPE lines_total counter
            lines_total{topic_name="a\"b\\c\nd"} 3

            """);
    }

    [Fact]
    public void Histogram_HasCumulativeBuckets_SumAndCount()
    {
        var histogram = _meter.CreateHistogram(
            "wait", "s", "Waits.", tags: null, new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.5, 1] });
        foreach (var value in new[] { 0.25, 0.5, 0.75, 8 })
        {
            histogram.Record(value, new KeyValuePair<string, object?>("api", "Fetch"));
        }

        Page().ShouldBe(
            """
            # HELP wait_seconds Waits.
            # TYPE wait_seconds histogram
            wait_seconds_bucket{api="Fetch",le="0.5"} 2
            wait_seconds_bucket{api="Fetch",le="1"} 3
            wait_seconds_bucket{api="Fetch",le="+Inf"} 4
            wait_seconds_sum{api="Fetch"} 9.5
            wait_seconds_count{api="Fetch"} 4

            """);
    }

    [Fact]
    public void Gauge_ShowsWhatIsThereNow_AndForgetsWhatIsGone()
    {
        var topics = new Dictionary<string, long> { ["a"] = 1, ["b"] = 2 };
        _meter.CreateObservableGauge("size", () => topics.Select(topic => new Measurement<long>(topic.Value, new KeyValuePair<string, object?>("topic", topic.Key))));
        Page().ShouldContain("size{topic=\"b\"} 2\n");

        topics.Remove("b");
        topics["a"] = 7;

        Page().ShouldBe("# TYPE size gauge\nsize{topic=\"a\"} 7\n");
    }

    /// <summary>A client that makes topics or groups by the million must not fill the memory of what watches it.</summary>
    [Fact]
    public void Series_BeyondTheLimit_CountTogether()
    {
        _meter.CreateObservableGauge("size", () => Enumerable.Range(0, 100).Select(i => new Measurement<long>(1, new KeyValuePair<string, object?>("topic", $"t{i}"))));
        var counter = _meter.CreateCounter<long>("hits");
        for (var i = 0; i < 100; i++)
        {
            counter.Add(1, new KeyValuePair<string, object?>("topic", $"t{i}"));
        }

        var page = Page();

        page.ShouldContain("size{topic=\"(other)\"} 97\n");
        page.ShouldContain("hits_total{topic=\"(other)\"} 97\n");
        page.Split('\n').Count(line => line.StartsWith("size{", StringComparison.Ordinal)).ShouldBe(4);
        Page().ShouldContain("size{topic=\"(other)\"} 97\n");
    }

    [Fact]
    public void Gauge_ThatIsTold_IsWhatItWasToldLast()
    {
        var gauge = _meter.CreateGauge<double>("heat");
        gauge.Record(5);
        gauge.Record(3);
        Page().ShouldBe("# TYPE heat gauge\nheat 3\n");
    }

    /// <summary>Clients name metrics and tags too (KIP-714): whatever they say, the page stays one that can be read.</summary>
    [Fact]
    public void Names_OfClients_TakeNoOnesPlace_AndAreWords()
    {
        _meter.CreateHistogram<double>("wait", "s").Record(1);
        _meter.CreateCounter<long>("hits").Add(1);
        _meter.CreateCounter<long>("hits_").Add(2);
        _meter.CreateGauge<double>("wait.seconds.count").Record(9);
        _meter.CreateCounter<long>("hits ").Add(3, new KeyValuePair<string, object?>("9 lives\n", "x"));

        var lines = Page().Split('\n');

        lines.Where(line => line.StartsWith("# TYPE", StringComparison.Ordinal)).ShouldBe(
            ["# TYPE hits__total counter", "# TYPE hits_total counter", "# TYPE wait_seconds histogram"]);
        lines.ShouldContain("hits__total 2");
        lines.ShouldNotContain(line => line.EndsWith(" 9", StringComparison.Ordinal));
    }

    [Fact]
    public void MeasuringAgain_AllocatesNothing()
    {
        var histogram = _meter.CreateHistogram<double>("wait", "s");
        var tag = new KeyValuePair<string, object?>("api", "Fetch");
        histogram.Record(1, tag);
        var before = GC.GetAllocatedBytesForCurrentThread();

        for (var i = 0; i < 10_000; i++)
        {
            histogram.Record(i, tag);
        }

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(1_000);
    }

    private string Page() => Encoding.UTF8.GetString(PrometheusText.Write(
        [.. _store.Collect().Where(metric => ReferenceEquals(metric.Family.Instrument.Meter, _meter))]));
}
