using System.Text;
using Adapter.Host.Delivery.Transports;

namespace Adapter.Integration.Tests.Delivery;

public class AnswerReaderTests
{
    [Theory]
    [InlineData("utf-8")]
    [InlineData("utf-7")]
    [InlineData("no-such-charset")]
    public void An_answer_that_does_not_fit_its_charset_is_unreadable_and_never_an_exception(string charset)
    {
        var latin1 = Encoding.Latin1.GetBytes(Samples.Envelope(Samples.Receipt(text: "é")));

        var reading = AnswerReader.Read(latin1, charset);

        reading.Answer.ShouldBeNull();
        reading.Problem.ShouldNotBeNull();
    }

    [Fact]
    public void The_charset_of_the_transport_rules_over_the_documents_own() =>
        AnswerReader.Read(Encoding.Latin1.GetBytes("<?xml version='1.0' encoding='utf-8'?>" + Samples.Envelope(Samples.Receipt(text: "é"))), "iso-8859-1").Answer.ShouldNotBeNull();
}
