using SchemaStream.Hosting.Health;
using SchemaStream.Hosting.Tables;
using SchemaStream.Testing;
using SchemaStream.TestKit;

namespace SchemaStream.Hosting.Tests.Tables;

/// <summary>The table as a service, over tables that come and go.</summary>
public sealed class HostedTableTests : IAsyncLifetime
{
    private static readonly Topic<string, string> Notes = Topic.Primitive<string, string>("notes");
    private static readonly Exception Away = new InvalidOperationException("the brokers are away");

    private readonly PartState _state = new("table", "notes");
    private SchemaStreamClient _client = null!;

    public async Task InitializeAsync()
    {
        _client = new InMemoryCluster().CreateClient();
        await using var producer = await _client.CreateProducerAsync(Notes);
        await producer.SendAsync("a", "1");
    }

    public async Task DisposeAsync() => await _client.DisposeAsync();

    [Fact]
    public async Task ATableThatHasFailed_IsReplacedByTheNext_WhichWhoWaitsIsGiven()
    {
        await using var table = new HostedTable<string, string>(Notes, _state);
        var first = await _client.CreateTableAsync(Notes);
        await table.TakeAsync(first);
        (_state.IsRunning, table["a"]).ShouldBe((true, "1"));

        table.BeginAgain(Away);

        (_state.IsRunning, _state.Failure).ShouldBe((false, Away));
        var waiting = table.WhenReadyAsync();
        waiting.IsCompleted.ShouldBeFalse();
        await table.TakeAsync(await _client.CreateTableAsync(Notes));
        await waiting.WaitAsync(TestTime.Limit);
        (_state.IsRunning, _state.Failure, table["a"]).ShouldBe((true, null, "1"));
        Should.Throw<InvalidOperationException>(() => first.Count, "it was disposed");
    }

    [Fact]
    public async Task ATableThatHasFailedForGood_TellsWhoWaits()
    {
        await using var table = new HostedTable<string, string>(Notes, _state);
        var waiting = table.WhenReadyAsync();

        table.Fail(Away);

        (await Should.ThrowAsync<InvalidOperationException>(() => waiting.WaitAsync(TestTime.Limit))).ShouldBeSameAs(Away);
        (await Should.ThrowAsync<InvalidOperationException>(() => table.WhenReadyAsync())).ShouldBeSameAs(Away);
        _state.Failure.ShouldBeSameAs(Away);
    }

    [Fact]
    public async Task ATableThatComesTooLate_IsDisposed()
    {
        var table = new HostedTable<string, string>(Notes, _state);
        var waiting = table.WhenReadyAsync();
        await table.DisposeAsync();
        await Should.ThrowAsync<ObjectDisposedException>(() => waiting.WaitAsync(TestTime.Limit));

        var late = await _client.CreateTableAsync(Notes);
        await table.TakeAsync(late);

        Should.Throw<ObjectDisposedException>(() => late.Count);
        Should.Throw<ObjectDisposedException>(() => table.Count);
        _state.IsRunning.ShouldBeFalse();
        await table.DisposeAsync();
    }

    [Fact]
    public async Task WhoAsksBeforeItIsCaughtUp_IsAnsweredWhenItIs()
    {
        await using var table = new HostedTable<string, string>(Notes, _state);
        var applied = table.WhenAppliedAsync(new RecordPosition("notes", 0, 0));
        applied.IsCompleted.ShouldBeFalse();

        await table.TakeAsync(await _client.CreateTableAsync(Notes));

        await applied.WaitAsync(TestTime.Limit);
    }
}
