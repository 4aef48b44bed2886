using System.Runtime.InteropServices;

namespace SchemaStream.Cli.Processes;

/// <summary>
/// SIGTERM and Ctrl-C (SIGINT): the first asks for a stop in order, at whatever point of its life the process is; the
/// second ends it at once.
/// </summary>
internal sealed class StopSignals : IDisposable
{
    private readonly CancellationTokenSource _stop;
    private readonly string _command;
    private readonly PosixSignalRegistration[] _registrations;
    private int _count;

    /// <param name="command">Who speaks, in messages.</param>
    /// <param name="cancellation">Asks for the stop as well.</param>
    public StopSignals(string command, CancellationToken cancellation)
    {
        _command = command;
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        _registrations =
        [
            PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal),
            PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal),
        ];
    }

    /// <summary>Cancelled by the first.</summary>
    public CancellationTokenSource Stop => _stop;

    public void Dispose()
    {
        foreach (var registration in _registrations)
        {
            registration.Dispose();
        }

        _stop.Dispose();
    }

    private void OnSignal(PosixSignalContext context)
    {
        context.Cancel = true;
        if (Interlocked.Increment(ref _count) == 1)
        {
            // What is asked to stop must not hold up the next signal.
            _ = _stop.CancelAsync();
            return;
        }

        Console.Error.WriteLine($"schemastream {_command}: told to stop again, it ends at once; the next start looks through its logs");
        Environment.Exit(ExitCodes.Cut);
    }
}
