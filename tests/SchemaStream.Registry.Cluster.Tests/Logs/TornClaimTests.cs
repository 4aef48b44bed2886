using Microsoft.Extensions.Logging.Abstractions;
using SchemaStream.Registry.Core.Records;
using SchemaStream.Registry.Logs.Kafka;
using SchemaStream.TestKit;

namespace SchemaStream.Registry.Cluster.Tests.Logs;

/// <summary>A leader that ended between the two logs: its claim is there, the schema that made it is not.</summary>
public sealed class TornClaimTests : IAsyncLifetime
{
    private TestBroker _broker = null!;

    public async Task InitializeAsync() => _broker = await TestBroker.StartAsync();

    public async Task DisposeAsync() => await _broker.DisposeAsync();

    [Fact]
    public async Task TakingOver_AfterAClaimWithoutItsSchema_WithdrawsItAndKeepsAllOthers()
    {
        await using (var first = await Instance.StartAsync(_broker.BootstrapServers))
        {
            (await first.RegisterAsync("kept-value", Avro.Record("Kept"))).Status.ShouldBe(200);
        }

        await ClaimAsync("torn", TimeProvider.System.GetUtcNow());

        await using var next = await Instance.StartAsync(_broker.BootstrapServers);
        (await next.RegisterAsync("torn-value", """{"type":"enum","name":"AnotherType","symbols":["A"]}""")).Status.ShouldBe(200);
        (await next.GetAsync("/contracts/topics/kept")).Status.ShouldBe(200);
        (await next.GetAsync("/contracts/topics/torn")).Body.ToString().ShouldContain("AnotherType");
    }

    [Fact]
    public async Task TakingOver_LongAfterAClaimWithoutASchema_KeepsIt()
    {
        await ClaimAsync("old", TimeProvider.System.GetUtcNow().AddHours(-2));

        await using var next = await Instance.StartAsync(_broker.BootstrapServers);

        var (status, body) = await next.RegisterAsync("old-value", """{"type":"enum","name":"AnotherType","symbols":["A"]}""");
        status.ShouldBe(409, "its schema was there and was deleted: what the topic holds is of the claimed type");
        body.GetProperty("error_code").GetInt32().ShouldBe(40910);
    }

    private async Task ClaimAsync(string topic, DateTimeOffset at)
    {
        var options = new KafkaStoreOptions { Bootstrap = KafkaStoreOptions.Brokers(_broker.BootstrapServers) };
        await using var log = new KafkaLog(options, () => 0.5, TimeProvider.System, NullLogger.Instance);
        await log.StartAsync(new NoTail(), CancellationToken.None);
        await log.BeginAsync(CancellationToken.None);
        var claim = new BindRecord(
            topic,
            null,
            new SlotContract(SchemaFormat.Avro, "Claimed", $"{topic}-value", EvolutionPolicy.Compatible),
            ContractBinding.Implicit,
            at,
            "a leader that ended");
        await log.AppendAsync([RecordWriter.Write(claim, at)], CancellationToken.None);
    }
}
