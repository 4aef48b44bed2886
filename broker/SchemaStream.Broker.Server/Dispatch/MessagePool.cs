using SchemaStream.Protocol;

namespace SchemaStream.Broker.Server.Dispatch;

/// <summary>
/// Messages of one kind that are not in use, shared by all connections. More than the limit, and what is too large in a
/// message, are left to the garbage collector, so that no client decides how much is kept.
/// </summary>
internal sealed class MessagePool<TMessage>
    where TMessage : class, IMessage, new()
{
    private const int Limit = 32;

    private readonly Lock _lock = new();
    private readonly TMessage[] _idle = new TMessage[Limit];
    private int _idleCount;

    public TMessage Rent()
    {
        lock (_lock)
        {
            if (_idleCount > 0)
            {
                return _idle[--_idleCount];
            }
        }

        return new TMessage();
    }

    /// <summary>Nothing may look at the message any more, nor at what was in it.</summary>
    public void Return(TMessage message)
    {
        message.Reset();
        lock (_lock)
        {
            if (_idleCount < Limit)
            {
                _idle[_idleCount++] = message;
            }
        }
    }
}
