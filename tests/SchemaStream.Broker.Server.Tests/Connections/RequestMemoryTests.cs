using SchemaStream.Broker.Server.Connections;
using SchemaStream.TestKit;

namespace SchemaStream.Broker.Server.Tests.Connections;

public sealed class RequestMemoryTests
{
    [Fact]
    public async Task Reserve_WhileAnyOfTheLimitIsLeft_IsGranted()
    {
        var memory = new RequestMemory(100);
        await memory.ReserveAsync(99, CancellationToken.None);
        var large = memory.ReserveAsync(1000, CancellationToken.None);

        large.IsCompletedSuccessfully.ShouldBeTrue("or a request larger than the limit could never get in");
        memory.UsedBytes.ShouldBe(1099);
    }

    [Fact]
    public async Task Release_GrantsWaitersInTheirOrder()
    {
        var memory = new RequestMemory(100);
        await memory.ReserveAsync(100, CancellationToken.None);
        var first = memory.ReserveAsync(100, CancellationToken.None).AsTask();
        var second = memory.ReserveAsync(1, CancellationToken.None).AsTask();

        memory.Release(100);
        await first.WaitAsync(TestTime.Limit);
        second.IsCompleted.ShouldBeFalse();
        memory.Release(100);
        await second.WaitAsync(TestTime.Limit);
        memory.UsedBytes.ShouldBe(1);
    }

    [Fact]
    public async Task Waiter_ThatWasCancelled_TakesNothing()
    {
        var memory = new RequestMemory(10);
        await memory.ReserveAsync(10, CancellationToken.None);
        using var gone = new CancellationTokenSource();
        var cancelled = memory.ReserveAsync(10, gone.Token).AsTask();
        var patient = memory.ReserveAsync(5, CancellationToken.None).AsTask();
        await gone.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(cancelled);

        memory.Release(10);
        await patient.WaitAsync(TestTime.Limit);
        memory.UsedBytes.ShouldBe(5);
    }
}
