using SchemaStream.Broker;

namespace SchemaStream.Cli.Brokers;

internal static class RunningNode
{
    /// <summary>Returns once it was told to stop or cannot go on, with the exit code that says which. The node is stopped by its owner.</summary>
    public static async Task<int> UntilStoppedAsync(BrokerHost node, CancellationToken cancellation)
    {
        var stop = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = cancellation.Register(stop.SetResult);
        await Task.WhenAny(stop.Task, node.Fault);
        return stop.Task.IsCompleted ? ExitCodes.Done : ExitCodes.Failed;
    }
}
