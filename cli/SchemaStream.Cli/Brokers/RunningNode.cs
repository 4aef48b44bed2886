using SchemaStream.Broker;
using SchemaStream.Cli.Processes;

namespace SchemaStream.Cli.Brokers;

internal static class RunningNode
{
    /// <summary>The end of the line that says ready, where metrics and health are served.</summary>
    public static string Http(BrokerHost node) => node.HttpAddress is { } address ? $" http={address}" : "";

    /// <summary>Returns once it was told to stop or cannot go on, and is stopped; with the exit code that says which.</summary>
    public static async Task<int> RunAsync(BrokerHost node, CancellationToken cancellation)
    {
        var code = await UntilStoppedAsync(node, cancellation);
        return await StopAsync(node) ? code : ExitCodes.Cut;
    }

    /// <summary>False when it was not done within its time.</summary>
    public static async Task<bool> StopAsync(BrokerHost node)
    {
        await node.StopAsync(CancellationToken.None);
        return !node.WasCut;
    }

    /// <summary>Returns once it was told to stop or cannot go on. The node is stopped by its owner.</summary>
    public static async Task<int> UntilStoppedAsync(BrokerHost node, CancellationToken cancellation)
    {
        var stop = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = cancellation.Register(stop.SetResult);
        using var ended = new CancellationTokenSource();
        var settling = StartPages.ReleaseLaterAsync(ended.Token);
        await Task.WhenAny(stop.Task, node.Fault);
        await ended.CancelAsync();
        await settling;
        return stop.Task.IsCompleted ? ExitCodes.Done : ExitCodes.Failed;
    }
}
