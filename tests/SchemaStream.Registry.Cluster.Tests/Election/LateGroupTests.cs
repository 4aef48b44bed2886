using SchemaStream.TestKit;

namespace SchemaStream.Registry.Cluster.Tests.Election;

/// <summary>A registry that is alone as a rule, as <c>schemastream up</c>'s, and the others that come.</summary>
public sealed class LateGroupTests : IAsyncLifetime
{
    private TestBroker _broker = null!;

    public async Task InitializeAsync() => _broker = await TestBroker.StartAsync();

    public async Task DisposeAsync() => await _broker.DisposeAsync();

    [Fact]
    public async Task Registry_ThatIsAlone_WritesWithoutAGroup()
    {
        await using var alone = await Instance.StartAsync(_broker.BootstrapServers, Alone);

        (await alone.RegisterAsync("a-value", Avro.Record("A"))).Status.ShouldBe(200);
        (await alone.RegisterAsync("b-value", Avro.Record("B"))).Status.ShouldBe(200);

        (await alone.LeadsAsync()).ShouldBeTrue();
        Directory.GetDirectories(Path.Combine(_broker.DataDirectory), "__consumer_offsets*", SearchOption.AllDirectories).ShouldBeEmpty();
    }

    [Fact]
    public async Task Registry_ThatOthersJoin_FollowsTheOneThatTheyElect()
    {
        var logs = new LogCollector();
        await using var alone = await Instance.StartAsync(_broker.BootstrapServers, Alone, logs);
        (await alone.RegisterAsync("a-value", Avro.Record("A"))).Body.GetProperty("id").GetInt32().ShouldBe(1);
        await using (var other = await Instance.StartAsync(_broker.BootstrapServers))
        {
            (await other.RegisterAsync("b-value", Avro.Record("B"))).Body.GetProperty("id").GetInt32().ShouldBe(2);
            await logs.WaitForAsync($"is led by {other.Host.BaseAddress.ToString().TrimEnd('/')}");

            for (var i = 0; i < 10; i++)
            {
                var (status, body) = await (i % 2 == 0 ? alone : other).RegisterAsync($"s{i}-value", Avro.Record($"S{i}"));
                body.GetProperty("id").GetInt32().ShouldBe(i + 3, $"{status} {body}");
            }

            (await other.LeadsAsync()).ShouldBeTrue();
            (await alone.LeadsAsync()).ShouldBeFalse();

            // However many of them write, the log changes hands when the leader does, and not with every write.
            logs.Lines.Count(line => line.EventId.Id == 2023).ShouldBeLessThanOrEqualTo(2);
        }

        (await alone.RegisterAsync("z-value", Avro.Record("Z"))).Body.GetProperty("id").GetInt32().ShouldBe(13);
    }

    [Fact]
    public async Task Writes_AtBothFromTheFirstMomentOn_GiveEachSchemaOneId()
    {
        await using var alone = await Instance.StartAsync(_broker.BootstrapServers, Alone);
        await using var other = await Instance.StartAsync(_broker.BootstrapServers);

        var answers = await Task.WhenAll(Enumerable.Range(0, 60).Select(async i =>
        {
            var (status, body) = await (i % 2 == 0 ? alone : other).RegisterAsync($"s{i % 30}-value", Avro.Record($"R{i % 30}"));
            status.ShouldBe(200, body.ToString());
            return (Schema: i % 30, Id: body.GetProperty("id").GetInt32());
        }));

        var ids = answers.GroupBy(answer => answer.Schema, answer => answer.Id).ToList();
        ids.ShouldAllBe(schema => schema.Distinct().Count() == 1);
        ids.Select(schema => schema.First()).Order().ShouldBe(Enumerable.Range(1, 30));
    }

    private static KafkaStoreOptions Alone(KafkaStoreOptions store) => store with { Election = LeaderElection.WhenOthersWrite };
}
