using System.Runtime.InteropServices;

namespace SchemaStream.Transport.Native;

/// <summary>Owns an <c>rd_kafka_t</c>, and the handle by which its callbacks find their listener.</summary>
internal sealed class ClientHandle : SafeHandle
{
    private readonly GCHandle _listener;

    public ClientHandle(nint client, GCHandle listener)
        : base(0, ownsHandle: true)
    {
        _listener = listener;
        SetHandle(client);
    }

    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle()
    {
        Librdkafka.ClientDestroy(handle); // returns when its threads have ended: nothing calls back after it
        _listener.Free();
        return true;
    }
}
