using System.Runtime.InteropServices;
using Shop.Demo;

if (!DemoOptions.TryParse(args, out var options, out var wrong))
{
    Console.Error.WriteLine($"Shop.Demo: {wrong}\n{DemoOptions.Usage}");
    return 2;
}

using var stop = new CancellationTokenSource();
using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
try
{
    return await (options.Shop is { } running
        ? Demonstration.DriveAsync(running, options, stop.Token)
        : Demonstration.RunAsync(options, stop.Token));
}
catch (OperationCanceledException) when (stop.IsCancellationRequested)
{
    Console.Error.WriteLine("Shop.Demo: stopped before its end");
    return 1;
}
catch (DemoFailedException failure)
{
    Console.Error.WriteLine($"Shop.Demo: {failure.Message}");
    return 1;
}

void Stop(PosixSignalContext signal)
{
    signal.Cancel = true; // what was started is ended first, and its directory removed
    stop.Cancel();
}
