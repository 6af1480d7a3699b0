// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.daemon;

import dev.vigilant.rules.ast.Problem;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/** Test results as JUnit XML, which build servers show: a suite for each file. */
final class JunitReport {
    private final List<Suite> suites = new ArrayList<>();

    /** A test file. */
    private record Suite(String name, List<Case> cases) {}

    /** A test and what is not as it says. */
    private record Case(String name, List<Problem> failures, long nanos) {}

    /** Begins a test file. */
    void file(String name) {
        suites.add(new Suite(name, new ArrayList<>()));
    }

    /** Adds a test to the file. */
    void test(String name, List<Problem> failures, long nanos) {
        suites.get(suites.size() - 1).cases().add(new Case(name, failures, nanos));
    }

    /** @throws IOException when the file cannot be written */
    void write(Path file) throws IOException {
        try (OutputStream out = Files.newOutputStream(file)) {
            XMLStreamWriter xml = XMLOutputFactory.newFactory().createXMLStreamWriter(out, "UTF-8");
            xml.writeStartDocument("UTF-8", "1.0");
            xml.writeStartElement("testsuites");
            for (Suite suite : suites) {
                write(xml, suite);
            }
            xml.writeEndElement();
            xml.writeEndDocument();
            xml.close();
        } catch (XMLStreamException e) {
            throw new IOException(file + ": " + e.getMessage(), e);
        }
    }

    private static void write(XMLStreamWriter xml, Suite suite) throws XMLStreamException {
        long failed =
                suite.cases().stream().filter(c -> !c.failures().isEmpty()).count();
        xml.writeStartElement("testsuite");
        xml.writeAttribute("name", suite.name());
        xml.writeAttribute("tests", Integer.toString(suite.cases().size()));
        xml.writeAttribute("failures", Long.toString(failed));
        for (Case test : suite.cases()) {
            xml.writeStartElement("testcase");
            xml.writeAttribute("classname", suite.name());
            xml.writeAttribute("name", printable(test.name()));
            xml.writeAttribute("time", String.format(Locale.ROOT, "%.3f", test.nanos() / 1e9));
            for (Problem failure : test.failures()) {
                xml.writeStartElement("failure");
                xml.writeAttribute("message", printable(failure.reason()));
                xml.writeCharacters(printable(failure.toString()));
                xml.writeEndElement();
            }
            xml.writeEndElement();
        }
        xml.writeEndElement();
    }

    /** XML has no control characters, and messages may quote what an attacker chose. */
    private static String printable(String text) {
        return text.replaceAll("[^\\x20-\\x7e\n]", "?");
    }
}
