namespace SchemaStream.Broker.Runtime.Tests;

/// <summary>What a start makes of a directory that a broker left without stopping.</summary>
public sealed class CrashTests
{
    [Fact]
    public async Task Start_AfterACrash_CutsATornTailAndKeepsEverythingElse()
    {
        await using var runtime = await RuntimeUnderTest.StartAsync();
        var topic = await runtime.CreateTopicAsync("orders");
        await runtime.ProduceAsync(topic, TestBatch.Of("a", "b"));
        await runtime.Broker.Groups.FindCoordinatorAsync("readers", default);
        await runtime.Broker.Groups.SubmitAsync("readers", GroupCommands.Commit("readers", 2), default);

        await using var afterCrash = await runtime.CrashAsync(directory =>
        {
            // Half of a batch: what a write that was cut short leaves.
            var log = Path.Combine(directory, "orders-0", "00000000000000000000.log");
            using var file = File.Open(log, FileMode.Append);
            file.Write(TestBatch.Of("torn").AsSpan(0, 40));
        });

        (await afterCrash.ProduceAsync(topic, TestBatch.Of("c"))).BaseOffset.ShouldBe(2);
        using var fetched = await afterCrash.FetchAsync(topic, 0);
        RuntimeUnderTest.ValuesOf(fetched.Partitions[0]).ShouldBe(["a", "b", "c"]);
        (await GroupCommands.CommittedAsync(afterCrash, "readers")).ShouldBe(2);
    }

    [Fact]
    public async Task Start_AfterACrash_NeverGivesAProducerIdTwice()
    {
        await using var runtime = await RuntimeUnderTest.StartAsync();
        var before = await runtime.Broker.ProducerIds.AllocateAsync(default);

        await using var afterCrash = await runtime.CrashAsync(_ => { });

        (await afterCrash.Broker.ProducerIds.AllocateAsync(default)).ProducerId.ShouldBeGreaterThan(before.ProducerId);
    }

    [Fact]
    public async Task Start_AfterACrashInTheMiddleOfADeletion_HasNoTopicAndServes()
    {
        await using var runtime = await RuntimeUnderTest.StartAsync();
        var topic = await runtime.CreateTopicAsync("orders");
        await runtime.ProduceAsync(topic, TestBatch.Of("a"));
        var kept = Path.Combine(Path.GetTempPath(), "kept-" + Guid.NewGuid().ToString("N"));
        RuntimeUnderTest.Copy(Path.Combine(runtime.DataDirectory, "orders-0"), kept);
        await runtime.DeleteTopicAsync("orders");

        // The metadata knew of the deletion, the directory did not yet.
        await using var afterCrash = await runtime.CrashAsync(
            directory => Directory.Move(kept, Path.Combine(directory, "orders-0")));

        afterCrash.Image.TryGetTopic("orders", out _).ShouldBeFalse();
        var young = await afterCrash.CreateTopicAsync("orders");
        (await afterCrash.ProduceAsync(young, TestBatch.Of("b"))).BaseOffset.ShouldBe(0);
    }
}
