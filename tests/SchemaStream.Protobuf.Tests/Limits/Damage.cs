using System.Text;

namespace SchemaStream.Protobuf.Tests.Limits;

/// <summary>Damages a text at random.</summary>
internal static class Damage
{
    private static readonly string[] Words =
    [
        "{", "}", "[", "]", "<", ">", "(", ")", ";", ",", ".", "=", "-", "\"", "'", "\\", "/*", "*/", "//", "\n", "0", "1", "19000", "536870912",
        "0x", "1e999", "inf", "nan", "max", "to", "map<string, string>", "group", "oneof", "message", "enum", "extend", "extensions", "reserved",
        "option", "optional", "repeated", "required", "stream", "syntax", "import", "public", "package", "default", "json_name", "\u00e9", "\ud800", "\0",
    ];

    public static string Of(string text, Random random)
    {
        var result = new StringBuilder(text);
        for (var k = random.Next(1, 3); k > 0; k--)
        {
            var at = random.Next(result.Length + 1);
            var length = Math.Min(random.Next(1, 20), result.Length - at);
            switch (random.Next(5))
            {
                case 0:
                    result.Remove(at, length);
                    break;
                case 1:
                    result.Insert(at, Words[random.Next(Words.Length)]);
                    break;
                case 2:
                    result.Insert(at, " " + Words[random.Next(Words.Length)] + " ");
                    break;
                case 3:
                    result.Insert(random.Next(result.Length + 1), result.ToString(at, length));
                    break;
                default:
                    if (at < result.Length)
                    {
                        result[at] = (char)random.Next(32, 127);
                    }

                    break;
            }
        }

        return result.ToString();
    }
}
