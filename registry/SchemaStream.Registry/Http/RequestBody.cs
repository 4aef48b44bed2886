using System.Buffers;
using System.Text.Json;
using System.Text.Unicode;
using Microsoft.AspNetCore.Http;
using SchemaStream.Registry.Core;

namespace SchemaStream.Registry.Http;

/// <summary>A request's body as a JSON object, whatever media type of ours it came with.</summary>
internal static class RequestBody
{
    private const int DeepestNesting = 64;

    /// <summary>Reads the body and takes from it what a call needs.</summary>
    /// <remarks>
    /// What exceeds the bound is dropped as it comes, so that a client in the middle of sending hears 413 rather than a
    /// reset; how much is dropped is bounded by the server.
    /// </remarks>
    public static async ValueTask<Outcome<T>> ReadAsync<T>(HttpContext context, Func<JsonElement, Outcome<T>> take)
        where T : notnull
    {
        if (!ContentTypes.IsTaken(context.Request.ContentType))
        {
            return new RegistryError(415, $"The content type '{context.Request.ContentType}' is not read here; send JSON.");
        }

        var reader = context.Request.BodyReader;
        var largest = RequestState.Of(context).LargestBodyBytes;
        var isTooLarge = false;
        while (true)
        {
            var result = await reader.ReadAsync(context.RequestAborted).ConfigureAwait(false);
            isTooLarge |= result.Buffer.Length > largest;
            if (result.IsCompleted)
            {
                if (!isTooLarge && RequestState.Of(context) is { KeepsBody: true } state)
                {
                    state.Body = result.Buffer.ToArray();
                }

                var outcome = isTooLarge
                    ? new RegistryError(413, $"The request's body exceeds {largest} bytes.")
                    : Parse(result.Buffer, take);
                reader.AdvanceTo(result.Buffer.End);
                return outcome;
            }

            reader.AdvanceTo(isTooLarge ? result.Buffer.End : result.Buffer.Start, result.Buffer.End);
        }
    }

    private static Outcome<T> Parse<T>(ReadOnlySequence<byte> body, Func<JsonElement, Outcome<T>> take)
        where T : notnull
    {
        if (body.IsEmpty)
        {
            return new RegistryError(422, "The request has no body.");
        }

        try
        {
            var bytes = body.IsSingleSegment ? body.First : body.ToArray();
            if (!Utf8.IsValid(bytes.Span))
            {
                return new RegistryError(400, "The body is not JSON: it is not UTF-8.");
            }

            using var document = JsonDocument.Parse(bytes, new JsonDocumentOptions { MaxDepth = DeepestNesting });
            return document.RootElement.ValueKind switch
            {
                JsonValueKind.Object => take(document.RootElement),
                JsonValueKind.Null => new RegistryError(422, "The request's body is null."),
                _ => new RegistryError(400, "The body is not a JSON object."),
            };
        }
        catch (JsonException malformed)
        {
            return new RegistryError(400, $"The body is not JSON: {malformed.Message}");
        }
        catch (InvalidOperationException malformed)
        {
            // A string with half a surrogate pair: JSON to the eye, but no text.
            return new RegistryError(400, $"The body is not JSON: {malformed.Message}");
        }
    }
}
