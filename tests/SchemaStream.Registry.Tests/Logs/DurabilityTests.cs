using System.Collections.Concurrent;

namespace SchemaStream.Registry.Tests.Logs;

public sealed class DurabilityTests
{
    [Fact]
    public async Task Restart_KeepsEverything()
    {
        await using var registry = await TestRegistry.StartAsync();
        await registry.RegisterAsync("orders-value", Schemas.OrderPlaced);
        await registry.RegisterAsync("orders-value", Schemas.OrderPlacedWithNote);
        await registry.RegisterAsync("gone-value", Schemas.OrderCancelled);
        await registry.DeleteAsync("/subjects/gone-value");
        await registry.DeleteAsync("/subjects/gone-value?permanent=true");
        await registry.DeleteAsync("/subjects/orders-value/versions/1");
        await registry.PutAsync("/config/orders-value", new { compatibility = "FULL_TRANSITIVE" });
        await registry.PutAsync("/mode/audit-value", new { mode = "READONLY" });
        await registry.PutAsync("/contracts/topics/payments", new { key = new { format = "uuid" } });
        string[] paths =
        [
            "/schemas?deleted=true", "/subjects?deleted=true", "/config/orders-value", "/mode/audit-value",
            "/contracts/topics", "/schemas/ids/1", "/schemas/ids/1/versions?deleted=true",
        ];
        var before = await Task.WhenAll(paths.Select(registry.GetAsync));

        await registry.RestartAsync();

        (await Task.WhenAll(paths.Select(registry.GetAsync))).ShouldBe(before);
        (await registry.RegisterAsync("new-value", Schemas.Record("New"))).Json.GetProperty("id").GetInt32()
            .ShouldBe(4, "id 3 was used and is never given out again");
    }

    [Fact]
    public async Task Register_ByManyAtOnce_GivesDenseUniqueIds()
    {
        const int writers = 16;
        const int schemas = 20;
        await using var registry = await TestRegistry.StartAsync();
        var idOfSchema = new ConcurrentDictionary<int, ConcurrentBag<int>>();

        await Task.WhenAll(Enumerable.Range(0, writers).Select(async writer =>
        {
            for (var i = 0; i < schemas; i++)
            {
                // Every writer registers the same schemas, in an order of its own, under subjects of its own and a shared one.
                var n = (i + writer) % schemas;
                var answer = (await registry.RegisterAsync(i % 2 == 0 ? $"shared-{n}" : $"s{writer}-{n}", Schemas.Record($"R{n}"))).ShouldBeOk();
                idOfSchema.GetOrAdd(n, _ => []).Add(answer.Json.GetProperty("id").GetInt32());
            }
        }));

        foreach (var ids in idOfSchema.Values)
        {
            ids.Distinct().Count().ShouldBe(1);
        }

        idOfSchema.Values.Select(ids => ids.First()).Order().ShouldBe(Enumerable.Range(1, schemas));
    }

    [Fact]
    public async Task Register_VersionsOfOneSubjectAtOnce_AreDense()
    {
        await using var registry = await TestRegistry.StartAsync();
        await registry.PutAsync("/config", new { compatibility = "NONE" });

        await Task.WhenAll(Enumerable.Range(1, 40).Select(n => registry.RegisterAsync("s", Schemas.Record("R", n))));

        (await registry.GetAsync("/subjects/s/versions")).ShouldBeOk($"[{string.Join(',', Enumerable.Range(1, 40))}]");
        (await registry.GetAsync("/schemas/ids/40")).ShouldBeOk();
        (await registry.GetAsync("/schemas/ids/41")).ShouldBeRefused(404, 40403);
    }
}
