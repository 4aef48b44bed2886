using System.Collections.Concurrent;

namespace SchemaStream.Broker.Runtime.Lanes;

/// <summary>Operations that are not in use. More than the limit are left to the garbage collector.</summary>
internal sealed class OperationPool<T>(Func<OperationPool<T>, T> create, int limit = OperationPool<T>.DefaultLimit)
    where T : class
{
    private const int DefaultLimit = 1024;

    private readonly ConcurrentQueue<T> _idle = new();
    private int _idleCount;

    public T Rent()
    {
        if (_idle.TryDequeue(out var operation))
        {
            Interlocked.Decrement(ref _idleCount);
            return operation;
        }

        return create(this);
    }

    public void Return(T operation)
    {
        if (Interlocked.Increment(ref _idleCount) <= limit)
        {
            _idle.Enqueue(operation);
        }
        else
        {
            Interlocked.Decrement(ref _idleCount);
        }
    }
}
