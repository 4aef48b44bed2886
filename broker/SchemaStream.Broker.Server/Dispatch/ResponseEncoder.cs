using SchemaStream.Protocol;

namespace SchemaStream.Broker.Server.Dispatch;

/// <summary>Length, header, body.</summary>
internal static class ResponseEncoder
{
    public static void Encode(RequestContext context, IResponseMessage response, short version, short headerVersion)
    {
        context.Response.Begin();
        var writer = new KafkaWriter(context.Response);
        new ResponseHeader(context.CorrelationId).Write(ref writer, headerVersion);
        response.Write(ref writer, version);
        writer.Flush();
        context.Response.Complete();
    }
}
