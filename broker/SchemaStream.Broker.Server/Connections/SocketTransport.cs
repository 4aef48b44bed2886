using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Threading.Tasks.Sources;

namespace SchemaStream.Broker.Server.Connections;

/// <summary>Plain TCP. A send hands the kernel the segments as they are (one gather-write), so payloads are never copied.</summary>
internal sealed class SocketTransport(Socket socket) : IConnectionTransport
{
    // The kernel takes at most 1024 segments at a time (IOV_MAX).
    private const int MaxSegmentsPerSend = 1024;

    private readonly GatherSend _send = new();

    public ValueTask<int> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellation) =>
        socket.ReceiveAsync(buffer, SocketFlags.None, cancellation);

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public async ValueTask SendAsync(List<ArraySegment<byte>> segments)
    {
        if (segments.Count <= MaxSegmentsPerSend)
        {
            await SendAllAsync(segments).ConfigureAwait(false);
            return;
        }

        for (var first = 0; first < segments.Count; first += MaxSegmentsPerSend)
        {
            var count = Math.Min(MaxSegmentsPerSend, segments.Count - first);
            await SendAllAsync(segments.GetRange(first, count)).ConfigureAwait(false);
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask SendAllAsync(List<ArraySegment<byte>> segments)
    {
        var expected = 0L;
        foreach (var segment in segments)
        {
            expected += segment.Count;
        }

        var sent = await _send.SendAsync(socket, segments).ConfigureAwait(false);
        if (sent != expected)
        {
            throw new SocketException((int)SocketError.ConnectionReset);
        }
    }

    public void Dispose()
    {
        socket.Dispose();
        _send.Dispose();
    }

    /// <summary>A send operation that is used again and again, so that a reply allocates none.</summary>
    private sealed class GatherSend : SocketAsyncEventArgs, IValueTaskSource<int>
    {
        // Completions come on a thread of the pool, so what follows may run there.
        private ManualResetValueTaskSourceCore<int> _core;

        public GatherSend()
            : base(true)
        {
        }

        public ValueTask<int> SendAsync(Socket socket, IList<ArraySegment<byte>> segments)
        {
            _core.Reset();
            BufferList = segments;
            if (socket.SendAsync(this))
            {
                return new ValueTask<int>(this, _core.Version);
            }

            return SocketError == SocketError.Success
                ? ValueTask.FromResult(BytesTransferred)
                : ValueTask.FromException<int>(new SocketException((int)SocketError));
        }

        protected override void OnCompleted(SocketAsyncEventArgs e)
        {
            if (SocketError == SocketError.Success)
            {
                _core.SetResult(BytesTransferred);
            }
            else
            {
                _core.SetException(new SocketException((int)SocketError));
            }
        }

        int IValueTaskSource<int>.GetResult(short token) => _core.GetResult(token);

        ValueTaskSourceStatus IValueTaskSource<int>.GetStatus(short token) => _core.GetStatus(token);

        void IValueTaskSource<int>.OnCompleted(
            Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
            _core.OnCompleted(continuation, state, token, flags);
    }
}
