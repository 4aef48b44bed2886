using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using SchemaStream.Registry.Core;

namespace SchemaStream.Registry.Http;

/// <summary>Replies in the negotiated content type: JSON, ready bytes, or the one shape of every refusal.</summary>
internal static class Reply
{
    /// <summary>Only what JSON itself demands is escaped; schemas stay readable.</summary>
    private static readonly JsonWriterOptions Compact = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        SkipValidation = true,
    };

    private const int LongestLoggedReason = 500;
    private const int LargestPiece = 64 * 1024;

    /// <summary>A thread's own, kept unless something large was written.</summary>
    [ThreadStatic]
    private static (ArrayBufferWriter<byte> Output, Utf8JsonWriter Writer)? _rendering;

    public static byte[] Render(Action<Utf8JsonWriter> write)
    {
        // What is written may itself be made of what is rendered: then the inner one takes a writer of its own.
        var (output, writer) = _rendering ?? Make();
        _rendering = null;
        write(writer);
        writer.Flush();
        var rendered = output.WrittenSpan.ToArray();
        if (output.Capacity <= LargestPiece)
        {
            output.ResetWrittenCount();
            writer.Reset(output);
            _rendering = (output, writer);
        }

        return rendered;
    }

    private static (ArrayBufferWriter<byte> Output, Utf8JsonWriter Writer) Make()
    {
        var output = new ArrayBufferWriter<byte>(4096);
        return (output, new Utf8JsonWriter(output, Compact));
    }

    public static Task JsonAsync(HttpContext context, Action<Utf8JsonWriter> write) =>
        BytesAsync(context, StatusCodes.Status200OK, Render(write));

    /// <summary>Answers with a list that may be long, item by item, so that memory holds little of it at once.</summary>
    public static async Task ListAsync<T>(HttpContext context, IEnumerable<T> items, Action<Utf8JsonWriter, T> write)
    {
        context.Response.StatusCode = StatusCodes.Status200OK;
        context.Response.ContentType = RequestState.Of(context).ContentType;
        var body = context.Response.BodyWriter;
        using var writer = new Utf8JsonWriter(body, Compact);
        var sent = 0L;
        writer.WriteStartArray();
        foreach (var item in items)
        {
            write(writer, item);
            if (writer.BytesPending + writer.BytesCommitted - sent >= LargestPiece)
            {
                writer.Flush();
                await body.FlushAsync(context.RequestAborted).ConfigureAwait(false);
                sent = writer.BytesCommitted;
            }
        }

        writer.WriteEndArray();
        writer.Flush();
        await body.FlushAsync(context.RequestAborted).ConfigureAwait(false);
    }

    /// <summary>Answers with the value, or with why there is none.</summary>
    public static Task OutcomeAsync<T>(HttpContext context, Outcome<T> outcome, Action<Utf8JsonWriter, T> write)
        where T : notnull =>
        outcome.TryGet(out var value, out var error)
            ? JsonAsync(context, writer => write(writer, value))
            : ErrorAsync(context, error);

    public static Task TextAsync(HttpContext context, string text) =>
        BytesAsync(context, StatusCodes.Status200OK, Encoding.UTF8.GetBytes(text));

    /// <summary>Answers with something else than the API's JSON.</summary>
    public static Task OwnAsync(HttpContext context, string contentType, ReadOnlyMemory<byte> body) =>
        WriteAsync(context, StatusCodes.Status200OK, contentType, body).AsTask();

    public static Task BytesAsync(HttpContext context, int status, ReadOnlyMemory<byte> body) =>
        WriteAsync(context, status, RequestState.Of(context).ContentType, body).AsTask();

    public static Task ErrorAsync(HttpContext context, RegistryError error)
    {
        if (RequestState.Of(context).Renamed is { } renamed && error.Message.Contains($"'{renamed.Target}'", StringComparison.Ordinal))
        {
            // The client named another subject than the one that is spoken of.
            error = error with { Message = $"{error.Message} ('{renamed.Alias}' is an alias of '{renamed.Target}'.)" };
        }

        RequestState.Of(context).Refusal = error.Code;
        Log(context, error);
        return BytesAsync(context, error.Status, Render(writer =>
        {
            writer.WriteStartObject();
            writer.WriteNumber("error_code", error.Code);
            writer.WriteString("message", error.Message);
            writer.WriteEndObject();
        }));
    }

    private static ValueTask<FlushResult> WriteAsync(
        HttpContext context, int status, string contentType, ReadOnlyMemory<byte> body)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = contentType;
        context.Response.ContentLength = body.Length;
        return context.Response.BodyWriter.WriteAsync(body, context.RequestAborted);
    }

    private static void Log(HttpContext context, RegistryError error)
    {
        var logger = RequestState.Of(context).Logger;
        var (method, path) = (context.Request.Method, context.Request.Path.Value ?? "/");
        var reason = error.Message.Length <= LongestLoggedReason ? error.Message : error.Message[..LongestLoggedReason] + "...";
        if (error.Status == StatusCodes.Status404NotFound)
        {
            RegistryMessages.NotFound(logger, method, path, error.Code, reason);
        }
        else
        {
            RegistryMessages.Refused(logger, method, path, error.Status, error.Code, reason);
        }
    }
}
