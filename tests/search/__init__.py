"""What the tests of search need besides Python: Unicode's rules and Lunr.js in Node."""
