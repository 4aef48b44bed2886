using System.Runtime.CompilerServices;
using System.Text;
using SchemaStream.Cli.Errors;

namespace SchemaStream.Cli.Producing;

/// <summary>Lines of an input, each within a bound; empty ones at the end are none.</summary>
internal static class InputLines
{
    private const int Longest = 64 * 1024 * 1024;

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <exception cref="CliException">A line is too long, or no UTF-8.</exception>
    public static async IAsyncEnumerable<(int Number, string Text)> ReadAsync(
        Stream input, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var chunk = new byte[64 * 1024];
        using var line = new MemoryStream();
        var number = 0;
        while (true)
        {
            var count = await input.ReadAsync(chunk, cancellationToken);
            if (count == 0)
            {
                break;
            }

            for (var start = 0; start < count;)
            {
                var end = chunk.AsSpan(start, count - start).IndexOf((byte)'\n');
                line.Write(chunk, start, end < 0 ? count - start : end);
                if (line.Length > Longest)
                {
                    throw ErrorCatalog.ValueInvalid.Exception($"Line {number + 1} is longer than {Longest} bytes.");
                }

                if (end < 0)
                {
                    break;
                }

                yield return (++number, Text(line, number));
                line.SetLength(0);
                start += end + 1;
            }
        }

        if (line.Length > 0)
        {
            yield return (++number, Text(line, number));
        }
    }

    private static string Text(MemoryStream line, int number)
    {
        try
        {
            var text = StrictUtf8.GetString(line.GetBuffer(), 0, (int)line.Length);
            return text.EndsWith('\r') ? text[..^1] : text;
        }
        catch (DecoderFallbackException)
        {
            throw ErrorCatalog.ValueInvalid.Exception($"Line {number} is no UTF-8.");
        }
    }
}
