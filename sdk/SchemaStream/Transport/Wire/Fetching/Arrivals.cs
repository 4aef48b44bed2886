using System.Threading.Channels;

namespace SchemaStream.Transport.Wire.Fetching;

/// <summary>Where the reader hears that something has come for it.</summary>
/// <remarks>
/// While records flow, the next response is a fraction of a millisecond away whenever the reader has caught up. A thread
/// of the pool that is given back for so short a time spins and is woken again, which costs more than what it waits for
/// (a tenth of the reading of 1-KB records). So the reader keeps its thread that long; one reader of the process at a
/// time, for the pool's threads are everybody's.
/// </remarks>
internal sealed class Arrivals
{
    /// <summary>How long a thread of the pool is kept at most.</summary>
    private static readonly TimeSpan Brief = TimeSpan.FromMilliseconds(2);

    /// <summary>Taken by the one reader of the process that keeps its thread.</summary>
    private static readonly SemaphoreSlim OfProcess = new(1, 1);

    private readonly SemaphoreSlim _turn;
    private readonly TimeSpan _patience;

    private readonly Channel<bool> _words = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    private readonly object _brief = new();
    private volatile bool _isFlowing;

    public Arrivals()
        : this(OfProcess, Brief)
    {
    }

    /// <summary>For tests, which share the process with other readers.</summary>
    /// <param name="turn">Taken while a thread is kept.</param>
    /// <param name="patience">How long it is kept at most.</param>
    internal Arrivals(SemaphoreSlim turn, TimeSpan patience) => (_turn, _patience) = (turn, patience);

    /// <summary>Whether more is likely to come at once.</summary>
    public bool IsFlowing
    {
        get => _isFlowing;
        set => _isFlowing = value;
    }

    /// <summary>Says that something has come; any thread.</summary>
    public void Tell()
    {
        _words.Writer.TryWrite(true);
        EndBriefWait();
    }

    /// <summary>Nothing more comes, for a reason that the reader gets; or for none.</summary>
    public void End(Exception? failure)
    {
        _words.Writer.TryComplete(failure);
        EndBriefWait();
    }

    /// <summary>The word was heard: what comes from now on is told again.</summary>
    public void Hear() => _words.Reader.TryRead(out _);

    /// <summary>Waits for the word, which <see cref="Hear"/> takes.</summary>
    /// <returns>False when nothing more comes.</returns>
    public ValueTask<bool> WaitAsync(CancellationToken cancellationToken) =>
        IsFlowing && WaitBriefly() ? new ValueTask<bool>(true) : _words.Reader.WaitToReadAsync(cancellationToken);

    /// <returns>Whether the word came.</returns>
    private bool WaitBriefly()
    {
        if (!Thread.CurrentThread.IsThreadPoolThread || !_turn.Wait(0, CancellationToken.None))
        {
            return false;
        }

        try
        {
            lock (_brief)
            {
                if (_words.Reader.Count > 0)
                {
                    return true;
                }

                _isFlowing = !_words.Reader.Completion.IsCompleted && Monitor.Wait(_brief, _patience);
                return _isFlowing && _words.Reader.Count > 0;
            }
        }
        finally
        {
            _turn.Release();
        }
    }

    private void EndBriefWait()
    {
        lock (_brief)
        {
            Monitor.Pulse(_brief);
        }
    }
}
