using System.Runtime.InteropServices;

namespace SchemaStream.Transport.Native;

/// <summary>Owns a reference to an <c>rd_kafka_queue_t</c>, and keeps its client alive.</summary>
internal sealed class QueueHandle : SafeHandle
{
    private readonly ClientHandle _client;

    public QueueHandle(ClientHandle client, nint queue)
        : base(0, ownsHandle: true)
    {
        var added = false;
        client.DangerousAddRef(ref added);
        _client = client;
        SetHandle(queue);
    }

    public override bool IsInvalid => handle == 0;

    /// <summary>Wakes the thread that waits for the queue, if it has not ended already.</summary>
    public void Wake()
    {
        try
        {
            Librdkafka.QueueYield(this);
        }
        catch (ObjectDisposedException)
        {
            // That thread owns the queue and has seen by itself that its end has come.
        }
    }

    protected override bool ReleaseHandle()
    {
        Librdkafka.QueueDestroy(handle);
        _client.DangerousRelease();
        return true;
    }
}
