namespace SchemaStream.Broker.Observation;

/// <summary>What a path of the HTTP port answers.</summary>
internal sealed record HttpPage(int Status, string ContentType, ReadOnlyMemory<byte> Body)
{
    public const string Json = "application/json";
    public const string Text = "text/plain; charset=utf-8";

    public string Reason => Status switch
    {
        200 => "OK",
        400 => "Bad Request",
        404 => "Not Found",
        405 => "Method Not Allowed",
        503 => "Service Unavailable",
        _ => "Error",
    };
}
