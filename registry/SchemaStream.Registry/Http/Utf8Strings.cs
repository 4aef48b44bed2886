namespace SchemaStream.Registry.Http;

/// <summary>Long texts as JSON strings, in the bytes that the framework's writer makes of them, where those are the usual ones.</summary>
internal static class Utf8Strings
{
    private const byte Itself = 1;

    /// <summary>What stands for a byte: the byte itself, a letter after a backslash, or 0 for what is the framework's to say.</summary>
    private static readonly byte[] Forms = MakeForms();

    /// <summary>What a text takes at most.</summary>
    public static int Room(int length) => (length * 2) + 2;

    /// <summary>Writes the string with its quotes.</summary>
    /// <param name="text">The text in UTF-8.</param>
    /// <param name="output">With <see cref="Room"/> for it.</param>
    /// <param name="length">How many bytes were written.</param>
    /// <returns>False where the text holds what is escaped in other ways.</returns>
    public static bool TryWrite(ReadOnlySpan<byte> text, Span<byte> output, out int length)
    {
        output = output[..Room(text.Length)];
        var forms = Forms;
        var end = 0;
        output[end++] = (byte)'"';
        foreach (var one in text)
        {
            var form = forms[one];
            if (form == Itself)
            {
                output[end++] = one;
            }
            else if (form != 0)
            {
                output[end++] = (byte)'\\';
                output[end++] = form;
            }
            else
            {
                length = 0;
                return false;
            }
        }

        output[end++] = (byte)'"';
        length = end;
        return true;
    }

    private static byte[] MakeForms()
    {
        var forms = new byte[256];
        forms.AsSpan(' ', 0x7f - ' ').Fill(Itself);
        foreach (var (one, letter) in new[] { ('"', '"'), ('\\', '\\'), ('\b', 'b'), ('\t', 't'), ('\n', 'n'), ('\f', 'f'), ('\r', 'r') })
        {
            forms[one] = (byte)letter;
        }

        return forms;
    }
}
