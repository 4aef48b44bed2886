using System.Threading.Channels;

namespace SchemaStream.Transport.Wire.Connections;

/// <summary>Wakes one loop. A word that is not yet heard says enough.</summary>
internal sealed class Wakeup
{
    private readonly Channel<bool> _words = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    public void Set() => _words.Writer.TryWrite(true);

    public async ValueTask WaitAsync(CancellationToken cancellationToken)
    {
        if (!_words.Reader.TryRead(out _))
        {
            await _words.Reader.WaitToReadAsync(cancellationToken).ConfigureAwait(false);
            _words.Reader.TryRead(out _);
        }
    }
}
