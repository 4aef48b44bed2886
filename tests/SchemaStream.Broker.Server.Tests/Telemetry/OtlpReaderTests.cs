using SchemaStream.Broker.Server.Telemetry;

namespace SchemaStream.Broker.Server.Tests.Telemetry;

public sealed class OtlpReaderTests
{
    [Fact]
    public void Numbers_AreReadWithNameUnitAndTags()
    {
        var reader = Read(Otlp.MetricsData(
            Otlp.Gauge("org.apache.kafka.producer.request.latency.avg", Otlp.Point(1.5, ("broker", "1"))),
            Otlp.Sum("org.apache.kafka.producer.connection.creation.total", 1, true, Otlp.Point(7)),
            Otlp.Sum("up.and.down", 1, false, Otlp.Point(-7L)),
            Otlp.Sum("since.the.start", 2, true, Otlp.Point(70L)),
            Otlp.Histogram("latency", 3, 4.5)));

        reader.Dropped.ShouldBe(0);
        reader.Points.Select(point => (point.Name, point.Unit, point.Kind, point.Value)).ShouldBe(
        [
            ("org.apache.kafka.producer.request.latency.avg", "ms", TelemetryKind.Gauge, 1.5),
            ("org.apache.kafka.producer.connection.creation.total", null, TelemetryKind.Counter, 7),
            ("up.and.down", null, TelemetryKind.UpDownCounter, -7),
            ("since.the.start", null, TelemetryKind.Gauge, 70),
            ("latency.count", null, TelemetryKind.Counter, 3),
            ("latency.sum", null, TelemetryKind.Counter, 4.5),
        ]);
        reader.Points[0].Tags.ShouldBe([KeyValuePair.Create("broker", (object?)"1")]);
    }

    [Fact]
    public void WhatCannotBeAMetric_IsLeftOutAndCounted()
    {
        var reader = Read(Otlp.MetricsData(
            Otlp.Gauge("not a name", Otlp.Point(1.0)),
            Otlp.Gauge(new string('n', 256), Otlp.Point(1.0)),
            Otlp.Gauge("nan", Otlp.Point(double.NaN)),
            Otlp.Sum("shrinks", 1, true, Otlp.Point(-1L)),
            Otlp.Gauge("ok", Otlp.Point(1.0))));
        reader.Points.ShouldHaveSingleItem().Name.ShouldBe("ok");
        reader.Dropped.ShouldBe(4);
    }

    [Fact]
    public void Points_AndTags_AreBounded()
    {
        var reader = new OtlpReader(maxPoints: 3);
        reader.Read(Otlp.MetricsData(Otlp.Gauge("g", [.. Enumerable.Range(0, 10).Select(i => Otlp.Point((double)i))])));
        (reader.Points.Count, reader.Dropped).ShouldBe((3, 7));

        var tagged = Read(Otlp.MetricsData(Otlp.Gauge(
            "g", Otlp.Point(1.0, [.. Enumerable.Range(0, 10).Select(i => ($"k{i}", "v")), ("long", new string('x', 500))]))));
        tagged.Points.ShouldHaveSingleItem().Tags.Count.ShouldBe(4);
    }

    /// <summary>A page with one label twice, or another name for a metric, is refused by scrapers as a whole.</summary>
    [Fact]
    public void Tags_ThatWouldBeOneLabel_OrAreNotTheClientsToSay_AreLeftOut()
    {
        var reader = Read(Otlp.MetricsData(Otlp.Gauge(
            "g",
            Otlp.Point(1.0, ("client_id", "x"), ("client.id", "x"), ("__name__", "x"), ("node.id", "1"), ("node-id", "2"), ("node_id", "3")))));

        reader.Points.ShouldHaveSingleItem().Tags.ShouldBe([KeyValuePair.Create("node_id", (object?)"1")]);
    }

    [Fact]
    public void AnyBytes_AreReadOrRefused()
    {
        var good = Otlp.MetricsData(
            Otlp.Gauge("gauge", Otlp.Point(1.5, ("broker", "1"))),
            Otlp.Sum("sum", 1, true, Otlp.Point(7)),
            Otlp.Histogram("histogram", 3, 4.5));
        for (var seed = 1; seed <= 2_000; seed++)
        {
            var random = new Random(seed);
            var bytes = random.Next(4) == 0 ? new byte[random.Next(200)] : (byte[])good.Clone();
            for (var i = random.Next(1, 6); i > 0 && bytes.Length > 0; i--)
            {
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            }

            try
            {
                Read(bytes[..random.Next(bytes.Length + 1)]).Points.Count.ShouldBeLessThanOrEqualTo(200);
            }
            catch (FormatException)
            {
                // Refused, as it should be.
            }
        }
    }

    private static OtlpReader Read(byte[] bytes)
    {
        var reader = new OtlpReader(maxPoints: 1_000);
        reader.Read(bytes);
        return reader;
    }
}
