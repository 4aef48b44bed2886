using System.Diagnostics.Metrics;
using SchemaStream.Registry.Observation;

namespace SchemaStream.Registry.Tests.Observation;

/// <summary>What <c>/metrics</c> and the meter tell.</summary>
public sealed class MetricsTests
{
    [Fact]
    public async Task Requests_AreCountedByRouteAndStatus_AndRefusalsByCode()
    {
        await using var registry = await StartAsync();
        (await registry.RegisterAsync("orders-value", "\"string\"")).Status.ShouldBe(200);
        (await registry.GetAsync("/schemas/ids/1")).Status.ShouldBe(200);
        (await registry.GetAsync("/schemas/ids/1")).Status.ShouldBe(200);
        (await registry.GetAsync("/schemas/ids/7")).Status.ShouldBe(404);
        (await registry.RegisterAsync("orders-value", "\"long\"")).Status.ShouldBe(409);

        var page = (await registry.GetAsync("/metrics")).Body;

        page.ShouldContain("schemastream_registry_requests_total{method=\"GET\",route=\"/schemas/ids/{id}\",status=\"200\"} 2\n", customMessage: page);
        page.ShouldContain("schemastream_registry_requests_total{method=\"GET\",route=\"/schemas/ids/{id}\",status=\"404\"} 1\n");
        page.ShouldContain("schemastream_registry_request_duration_seconds_count{method=\"GET\",route=\"/schemas/ids/{id}\"} 3\n");
        page.ShouldContain("schemastream_registry_refusals_total{error_code=\"40403\"} 1\n");
        page.ShouldContain("schemastream_registry_subjects 1\n");
        page.ShouldContain("schemastream_registry_schemas 1\n");
        page.ShouldContain("schemastream_registry_contracts 1\n");
        page.ShouldContain("schemastream_registry_leader 1\n");
        foreach (var metric in RegistryMetric.All)
        {
            page.ShouldContain($"# TYPE {metric.PageName} {metric.Kind.ToString().ToLowerInvariant()}\n");
        }
    }

    [Fact]
    public async Task Instruments_AreThoseThatAreDocumented()
    {
        var names = new HashSet<string>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, _) =>
            {
                if (instrument.Meter.Name == RegistryMetric.MeterName)
                {
                    lock (names)
                    {
                        names.Add(instrument.Name);
                    }
                }
            },
        };
        listener.Start();
        await using var registry = await StartAsync();

        names.Order().ShouldBe(RegistryMetric.All.Select(metric => metric.Name).Order());
    }

    [Fact]
    public async Task WhereItIsOff_ThereIsNoPage()
    {
        await using var registry = await TestRegistry.StartAsync();

        (await registry.GetAsync("/metrics")).Status.ShouldBe(404);
        (await registry.GetAsync("/health/ready")).Status.ShouldBe(200);
    }

    private static Task<TestRegistry> StartAsync() =>
        TestRegistry.StartAsync(change: options => options with { Metrics = MetricsPage.Served });
}
